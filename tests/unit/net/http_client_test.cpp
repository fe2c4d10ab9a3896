// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "net/listen_socket.hpp"
#include "unit/net/server_thread.hpp"

namespace hab::net {
namespace {

using test::ServerThread;
using testing::HasSubstr;

/// Answers with what it was asked, so that tests can look at the request.
HttpServerResponse mirror(const HttpServerRequest& request) {
    if (request.path == "/redirect") {
        HttpServerResponse response{.status = 302};
        response.headers.emplace_back("Location", "/target");
        return response;
    }
    if (request.path == "/loop") {
        HttpServerResponse response{.status = 302};
        response.headers.emplace_back("Location", "/loop");
        return response;
    }
    if (request.path == "/big") return HttpServerResponse::text(200, std::string(300'000, 'x'));
    std::string text = request.method + " " + request.path + "\n";
    for (const char* name : {"Authorization", "Range", "X-Test", "Transfer-Encoding"}) {
        const auto value = find_header(request.headers, name);
        if (!value.empty()) text += std::string(name) + ": " + std::string(value) + "\n";
    }
    auto response =
        HttpServerResponse::text(request.path == "/missing" ? 404 : 200, text + request.body);
    response.headers.emplace_back("X-Answer", "yes");
    return response;
}

class HttpClientTest : public testing::Test {
protected:
    HttpResponse get(std::string_view path) {
        HttpRequest request;
        request.url = server_.url(path);
        return client_->send(request);
    }
    Error failure(const HttpRequest& request) {
        try {
            (void)client_->send(request);
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "no error";
        return {ErrorCode::bug, ""};
    }

    ServerThread server_{mirror};
    std::unique_ptr<HttpClient> client_ = open_http_client();
};

TEST_F(HttpClientTest, Gets) {
    const auto response = get("/a");
    EXPECT_EQ(response.head.status, 200u);
    EXPECT_EQ(response.body, "GET /a\n");
    EXPECT_EQ(response.head.header("x-answer"), "yes");
    EXPECT_EQ(response.received, 7u);
}

TEST_F(HttpClientTest, GivesEveryStatusAsAResult) {
    EXPECT_EQ(get("/missing").head.status, 404u);
}

TEST_F(HttpClientTest, FollowsRedirectsButNotForever) {
    const auto response = get("/redirect");
    EXPECT_EQ(response.body, "GET /target\n");
    EXPECT_EQ(response.url, server_.url("/target"));
    HttpRequest endless;
    endless.url = server_.url("/loop");
    EXPECT_EQ(failure(endless).code(), ErrorCode::io);
    endless.follow_redirects = false;
    EXPECT_EQ(client_->send(endless).head.status, 302u);
}

TEST_F(HttpClientTest, SendsBodiesAndStreams) {
    for (const char* method : {"PUT", "POST", "PATCH"}) {
        HttpRequest request;
        request.method = method;
        request.url = server_.url("/up");
        request.body = "content";
        EXPECT_EQ(client_->send(request).body, std::string(method) + " /up\ncontent");
    }
    HttpRequest streamed;
    streamed.method = "POST";
    streamed.url = server_.url("/up");
    int rounds = 0;
    streamed.read_body = [&](std::span<std::byte> out) -> std::size_t {
        if (++rounds > 3) return 0;
        out[0] = std::byte{'z'};
        return 1;
    };
    EXPECT_EQ(client_->send(streamed).body, "POST /up\nTransfer-Encoding: chunked\nzzz");
    rounds = 0;
    streamed.body_size = 3;
    EXPECT_EQ(client_->send(streamed).body, "POST /up\nzzz");
}

TEST_F(HttpClientTest, SendsHeadDeleteAndHeaders) {
    HttpRequest request;
    request.url = server_.url("/x");
    request.method = "HEAD";
    EXPECT_EQ(client_->send(request).body, "");
    request.method = "DELETE";
    request.headers = {{"X-Test", "1"}};
    request.bearer_token = "tok";
    EXPECT_EQ(client_->send(request).body, "DELETE /x\nAuthorization: Bearer tok\nX-Test: 1\n");
    request.bearer_token.clear();
    request.user = "u";
    request.password = "p";
    EXPECT_THAT(client_->send(request).body, HasSubstr("Authorization: Basic dTpw\n"));
    request.headers = {{"X-Test", "1\r\nX-Evil: 2"}};
    EXPECT_EQ(failure(request).code(), ErrorCode::usage);
}

TEST_F(HttpClientTest, StreamsDownAndReportsTheHeadFirst) {
    HttpRequest request;
    request.url = server_.url("/big");
    unsigned status = 0;
    std::size_t size = 0;
    request.on_head = [&](const HttpHead& head) {
        EXPECT_EQ(size, 0u);
        status = head.status;
    };
    request.on_body = [&](std::span<const std::byte> bytes) { size += bytes.size(); };
    const auto response = client_->send(request);
    EXPECT_EQ(status, 200u);
    EXPECT_EQ(size, 300'000u);
    EXPECT_EQ(response.received, 300'000u);
    EXPECT_EQ(response.body, "");
}

TEST_F(HttpClientTest, AsksForTheRestOfAFile) {
    HttpRequest request;
    request.url = server_.url("/x");
    request.resume_from = 5;
    EXPECT_THAT(client_->send(request).body, HasSubstr("Range: bytes=5-\n"));
}

TEST_F(HttpClientTest, PassesExceptionsOfCallbacksThrough) {
    HttpRequest request;
    request.url = server_.url("/big");
    request.on_body = [](std::span<const std::byte>) { throw std::runtime_error("disk full"); };
    EXPECT_THROW((void)client_->send(request), std::runtime_error);
    EXPECT_EQ(get("/a").head.status, 200u);  // the client is still of use
}

TEST_F(HttpClientTest, IsCancelledByTheProgressCallback) {
    HttpRequest request;
    request.url = server_.url("/big");
    request.on_progress = [](const HttpProgress&) { return false; };
    EXPECT_EQ(failure(request).code(), ErrorCode::cancelled);
}

TEST_F(HttpClientTest, BoundsWhatItCollects) {
    HttpRequest request;
    request.url = server_.url("/big");
    request.max_body = 1000;
    const Error error = failure(request);
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("larger than 1000 bytes"));
}

TEST_F(HttpClientTest, NamesTheUrlWithoutThePassword) {
    HttpRequest request;
    request.url = "http://user:secret@127.0.0.1:1/x";
    const Error error = failure(request);
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.message(), HasSubstr("cannot GET http://127.0.0.1:1/x: "));
    EXPECT_THAT(error.hint(), HasSubstr("proxy"));
}

TEST_F(HttpClientTest, RefusesOtherSchemesAndMethods) {
    HttpRequest request;
    request.url = "file:///etc/passwd";
    EXPECT_EQ(failure(request).code(), ErrorCode::usage);
    request.url = "nonsense://";
    EXPECT_EQ(failure(request).code(), ErrorCode::usage);
    request.url = server_.url("/");
    request.method = "BREW";
    EXPECT_EQ(failure(request).code(), ErrorCode::usage);
}

TEST_F(HttpClientTest, GivesUpWhenNothingMoves) {
    // Nobody accepts there: the kernel completes the connection, and that is all.
    const ListenSocket silent = open_listen_socket({"127.0.0.1", 0, {}});
    HttpRequest request;
    request.url = "http://" + silent.local.to_string() + "/";
    request.stall_timeout = std::chrono::milliseconds(300);
    EXPECT_EQ(failure(request).code(), ErrorCode::timeout);
    request.stall_timeout = std::chrono::milliseconds(0);
    request.total_timeout = std::chrono::milliseconds(300);
    EXPECT_EQ(failure(request).code(), ErrorCode::timeout);
}

TEST(HttpClientUnix, TalksOverAUnixSocket) {
    const TempDir dir("net-");
    const ServerThread server(mirror, {}, {{}, 0, (dir.path() / "s").string()});
    const auto client = open_http_client();
    HttpRequest request;
    request.url = "http://docker/version";
    request.unix_socket = server.local().unix_path;
    EXPECT_EQ(client->send(request).body, "GET /version\n");
}

TEST(HttpStatus, BecomesTheErrorForIt) {
    const auto code_of = [](unsigned status) {
        try {
            throw_http_status("download", "http://h/x", status);
        } catch (const Error& error) {
            EXPECT_THAT(error.message(),
                        HasSubstr("cannot download http://h/x: the server answered"));
            return error.code();
        }
        return ErrorCode::bug;
    };
    EXPECT_EQ(code_of(404), ErrorCode::not_found);
    EXPECT_EQ(code_of(403), ErrorCode::denied);
    EXPECT_EQ(code_of(500), ErrorCode::io);
    EXPECT_EQ(http_status_text(404), "404 (Not Found)");
    EXPECT_EQ(http_status_text(299), "299");
}

}  // namespace
}  // namespace hab::net
