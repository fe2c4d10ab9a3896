// SPDX-License-Identifier: Apache-2.0
// hab.http/1 against a server on a unix socket that answers once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "store.hpp"

namespace hab::host {
namespace {

using ::testing::HasSubstr;

class OneAnswer {
public:
    OneAnswer(const fs::path& path, std::string answer) : answer_(std::move(answer)) {
        listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                  0);
        EXPECT_EQ(::listen(listener_.get(), 1), 0);
        thread_ = std::thread([this] { serve(); });
    }
    ~OneAnswer() { thread_.join(); }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;
    [[nodiscard]] const std::string& request() const { return request_; }

private:
    void serve() {
        const UniqueFd peer(::accept(listener_.get(), nullptr, nullptr));
        char buffer[4096];
        while (request_.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::read(peer.get(), buffer, sizeof buffer);
            if (got <= 0) return;
            request_.append(buffer, static_cast<std::size_t>(got));
        }
        write_all(peer.get(), answer_, "the test's client");
    }
    UniqueFd listener_;
    std::string answer_;
    std::string request_;
    std::thread thread_;
};

struct Exchange {
    hab_status status = HAB_STATUS_OK;
    hab_http_response response{};
    std::string body;
    std::string request;
};

Exchange exchange(const std::string& answer, hab_http_request request) {
    const test::Store store;
    test::HostObject object(store);
    const TempDir dir;
    const std::string socket = (dir.path() / "s").string();
    Exchange result;
    plugin::TextSink body;
    {
        OneAnswer server(dir.path() / "s", answer);
        request.struct_size = sizeof request;
        request.unix_socket = plugin::to_abi(socket);
        request.url = plugin::to_abi("http://engine/thing");
        request.method = plugin::to_abi("GET");
        result.response.struct_size = sizeof result.response;
        result.response.body = body.abi();
        const auto& table = object.table<hab_http_service>(HAB_SERVICE_HTTP);
        result.status = table.request(object.abi(), &request, &result.response, nullptr);
        result.request = server.request();
    }
    result.body = body.text();
    return result;
}

TEST(HttpService, GetsABodyOverAUnixSocket) {
    const Exchange done = exchange("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", {});
    EXPECT_EQ(done.status, HAB_STATUS_OK);
    EXPECT_EQ(done.response.status, 200U);
    EXPECT_EQ(done.body, "hello");
    EXPECT_EQ(done.response.total_bytes, 5U);
}

TEST(HttpService, ResumesAndSaysFromWhere) {
    hab_http_request request{};
    request.resume_from = 3;
    const Exchange done = exchange(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-4/5\r\nContent-Length: 2\r\n\r\nlo",
        request);
    EXPECT_THAT(done.request, HasSubstr("bytes=3-"));
    EXPECT_EQ(done.response.resumed_at, 3U);
    EXPECT_EQ(done.body, "lo");
}

TEST(HttpService, ErrorAnswersAreResultsUnlessAskedOtherwise) {
    const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(exchange(answer, {}).status, HAB_STATUS_OK);
    hab_http_request strict{};
    strict.flags = HAB_HTTP_FAIL_ON_ERROR;
    EXPECT_EQ(exchange(answer, strict).status, HAB_STATUS_NOT_FOUND);
}

TEST(HttpService, SendsBearerTokens) {
    hab_http_request request{};
    request.auth = HAB_HTTP_AUTH_BEARER;
    request.auth_secret = plugin::to_abi("token");
    const Exchange done = exchange("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", request);
    EXPECT_THAT(done.request, HasSubstr("Authorization: Bearer token\r\n"));
}

}  // namespace
}  // namespace hab::host
