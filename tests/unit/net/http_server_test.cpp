// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "net/listen_socket.hpp"
#include "unit/net/raw_client.hpp"
#include "unit/net/server_thread.hpp"

namespace hab::net {
namespace {

using test::RawClient;
using test::ServerThread;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

HttpServerResponse echo(const HttpServerRequest& request) {
    if (request.path == "/throw") throw std::runtime_error("broken handler");
    return HttpServerResponse::text(
        200, request.method + " " + request.path + " " + request.query + " " + request.body);
}

std::string ask(const Endpoint& address, std::string_view bytes) {
    RawClient client(address);
    client.send(bytes);
    return client.read_all();
}

TEST(HttpServer, GivesMethodPathQueryAndBodyToTheHandler) {
    const ServerThread server(echo);
    const auto answer = ask(server.local(),
                            "POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                            "Connection: close\r\n\r\nbody");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nPOST /a b x=1 body"));
}

TEST(HttpServer, KeepsTheConnectionForMoreRequests) {
    const ServerThread server(echo);
    RawClient client(server.local());
    for (const char* path : {"/one", "/two", "/three"}) {
        client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_THAT(client.read_until("GET " + std::string(path)), HasSubstr("HTTP/1.1 200"));
    }
}

TEST(HttpServer, AnswersHeadWithTheLengthButNoBody) {
    const ServerThread server(echo);
    const auto answer =
        ask(server.local(), "HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(HttpServer, TurnsAnExceptionIntoA500AndGoesOn) {
    const ServerThread server(echo);
    EXPECT_THAT(ask(server.local(), "GET /throw HTTP/1.1\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(ask(server.local(), "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, AnswersBadInputWithTheStatusForIt) {
    HttpServerLimits limits;
    limits.header_bytes = 512;
    limits.body_bytes = 100;
    const ServerThread server(echo, limits);
    EXPECT_THAT(ask(server.local(), "garbage\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask(server.local(), "GET /%zz HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask(server.local(), "GET *x HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask(server.local(), "GET /" + std::string(2000, 'a') + " HTTP/1.1\r\n\r\n"),
                StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(ask(server.local(),
                    "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'b')),
                StartsWith("HTTP/1.1 413 "));
}

TEST(HttpServer, ClosesIdleConnections) {
    HttpServerLimits limits;
    limits.idle = std::chrono::milliseconds(50);
    const ServerThread server(echo, limits);
    RawClient client(server.local());
    client.send("GET / HTT");
    EXPECT_EQ(client.read_all(), "");  // returns because the server closed
}

TEST(HttpServer, ServesMoreClientsThanItsLimitOneAfterAnother) {
    HttpServerLimits limits;
    limits.connections = 2;
    const ServerThread server(echo, limits);
    for (int i = 0; i < 10; ++i) {
        EXPECT_THAT(ask(server.local(), "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"),
                    StartsWith("HTTP/1.1 200 "));
    }
}

TEST(HttpServer, GivesThePlaceOfWhoWaitsLongestToANewClient) {
    HttpServerLimits limits;
    limits.connections = 2;
    const ServerThread server(echo, limits);
    RawClient first(server.local());
    first.send("GET /1 HTTP/1.1\r\n\r\n");
    EXPECT_THAT(first.read_until("GET /1"), HasSubstr("HTTP/1.1 200"));
    RawClient second(server.local());
    second.send("GET /2 HTTP/1.1\r\n\r\n");
    EXPECT_THAT(second.read_until("GET /2"), HasSubstr("HTTP/1.1 200"));
    RawClient third(server.local());
    third.send("GET /3 HTTP/1.1\r\n\r\n");
    EXPECT_THAT(third.read_until("GET /3"), HasSubstr("HTTP/1.1 200"));
    EXPECT_EQ(first.read_all(), "");  // closed
    second.send("GET /4 HTTP/1.1\r\n\r\n");
    EXPECT_THAT(second.read_until("GET /4"), HasSubstr("HTTP/1.1 200"));
}

TEST(HttpServer, AnswersRequestsThatCameTogetherInTheirOrder) {
    const ServerThread server(echo);
    const auto answers =
        ask(server.local(),
            "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"
            "GET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto one = answers.find("GET /1");
    const auto two = answers.find("POST /2  ab");
    const auto three = answers.find("GET /3");
    ASSERT_NE(three, std::string::npos) << answers;
    EXPECT_LT(one, two);
    EXPECT_LT(two, three);
}

TEST(HttpServer, AnswersAClientThatHasFinishedSending) {
    const ServerThread server(echo);
    RawClient client(server.local());
    client.send("GET /x HTTP/1.1\r\n\r\n");
    client.end();
    EXPECT_THAT(client.read_all(), EndsWith("GET /x  "));
}

TEST(HttpServer, SaysWhichAddressIsInUse) {
    const ServerThread first(echo);
    boost::asio::io_context loop;
    try {
        const HttpServer second(loop, first.local(), {}, echo);
        FAIL() << "listened twice";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_EQ(error.message(), "cannot listen on " + first.local().to_string() +
                                       ": the address is already in use");
        EXPECT_THAT(error.hint(), HasSubstr("port 0"));
    }
}

TEST(HttpServer, RefusesAnAddressOfAnotherMachine) {
    boost::asio::io_context loop;
    try {
        const HttpServer server(loop, {"192.0.2.1", 0, {}}, {}, echo);
        FAIL() << "listened on a foreign address";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_THAT(error.message(), HasSubstr("does not have that address"));
    }
}

TEST(HttpServer, TakesOverAStaleUnixSocketButNotALiveOne) {
    const TempDir dir("net-");
    const Endpoint address{{}, 0, (dir.path() / "s").string()};
    boost::asio::io_context loop;
    {
        const ListenSocket left_behind = open_listen_socket(address);
        EXPECT_THROW(HttpServer(loop, address, {}, echo), Error);
    }
    EXPECT_TRUE(fs::exists(address.unix_path));
    {
        const HttpServer server(loop, address, {}, echo);
    }
    EXPECT_FALSE(fs::exists(address.unix_path));
}

TEST(HttpHeaders, AreFoundWhateverTheirCase) {
    const HttpHeaders headers{{"Content-Type", "a"}, {"content-type", "b"}};
    EXPECT_EQ(find_header(headers, "CONTENT-TYPE"), "a");
    EXPECT_EQ(find_header(headers, "Host"), "");
}

}  // namespace
}  // namespace hab::net
