// SPDX-License-Identifier: Apache-2.0
// Answers that are made while they are sent.
#include <gmock/gmock.h>

#include <atomic>

#include "net/http_server.hpp"
#include "unit/net/raw_client.hpp"
#include "unit/net/server_thread.hpp"

namespace hab::net {
namespace {

using test::RawClient;
using test::ServerThread;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::shared_ptr<const std::string> text(std::string bytes) {
    return std::make_shared<const std::string>(std::move(bytes));
}

HttpServerResponse streamed(std::function<void(std::shared_ptr<HttpStream>)> stream) {
    HttpServerResponse answer;
    answer.content_type = "text/event-stream";
    answer.stream = std::move(stream);
    return answer;
}

TEST(HttpStream, SendsPiecesInOrderAndEnds) {
    const ServerThread server([](const HttpServerRequest&) {
        return streamed([](const std::shared_ptr<HttpStream>& stream) {
            for (const char* piece : {"one ", "two ", "three"})
                EXPECT_TRUE(stream->send(text(piece)));
            stream->end();
            EXPECT_FALSE(stream->send(text("more")));
        });
    });
    RawClient client(server.local());
    client.send("GET / HTTP/1.1\r\n\r\n");
    const auto answer = client.read_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\none two three"));
}

TEST(HttpStream, ToldOfAClientThatGoes) {
    std::atomic<bool> gone = false;
    std::shared_ptr<HttpStream> kept;
    auto server = std::make_unique<ServerThread>([&](const HttpServerRequest&) {
        return streamed([&](std::shared_ptr<HttpStream> stream) {
            stream->on_close([&] { gone = true; });
            (void)stream->send(text("hello"));
            kept = std::move(stream);
        });
    });
    {
        RawClient client(server->local());
        client.send("GET / HTTP/1.1\r\n\r\n");
        EXPECT_THAT(client.read_until("hello"), EndsWith("hello"));
        EXPECT_FALSE(gone);
    }
    // The loop's thread ends after it has seen the end of the connection, or ends it itself.
    server.reset();
    EXPECT_TRUE(gone);
    EXPECT_FALSE(kept->send(text("more")));
}

TEST(HttpStream, DropsAReaderThatDoesNotRead) {
    HttpServerLimits limits;
    limits.stream_bytes = 100'000;
    std::atomic<int> sent = 0;
    std::atomic<bool> gone = false;
    const ServerThread server(
        [&](const HttpServerRequest&) {
            return streamed([&](const std::shared_ptr<HttpStream>& stream) {
                stream->on_close([&] { gone = true; });
                while (stream->send(text(std::string(1000, 'x'))))
                    ++sent;
            });
        },
        limits);
    RawClient client(server.local());
    client.send("GET / HTTP/1.1\r\n\r\n");
    (void)client.read_all();  // returns because it was dropped
    EXPECT_TRUE(gone);
    EXPECT_LE(sent, 100);
    EXPECT_GT(sent, 90);
}

TEST(HttpStream, HasALimitOfReaders) {
    HttpServerLimits limits;
    limits.streams = 1;
    std::shared_ptr<HttpStream> kept;
    const ServerThread server(
        [&](const HttpServerRequest&) {
            return streamed([&](std::shared_ptr<HttpStream> stream) {
                (void)stream->send(text("hello"));
                kept = std::move(stream);
            });
        },
        limits);
    RawClient first(server.local());
    first.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(first.read_until("hello"), StartsWith("HTTP/1.1 200"));
    RawClient second(server.local());
    second.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto answer = second.read_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(answer, HasSubstr("Retry-After: 5\r\n"));
}

TEST(HttpStream, HeadHasNoBody) {
    const ServerThread server([](const HttpServerRequest&) {
        return streamed([](const std::shared_ptr<HttpStream>&) { ADD_FAILURE() << "was called"; });
    });
    RawClient client(server.local());
    client.send("HEAD / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(client.read_all(), EndsWith("\r\n\r\n"));
}

}  // namespace
}  // namespace hab::net
