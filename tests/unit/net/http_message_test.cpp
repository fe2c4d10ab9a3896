// SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <gmock/gmock.h>

namespace hab::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using Outcome = HttpRequestReader::Outcome;

/// Status that refuses these bytes; 0 if they are a request.
unsigned refusal(std::string_view bytes) {
    HttpRequestReader reader(512, 100);
    return reader.feed(bytes) == Outcome::refused ? reader.status() : 0;
}

TEST(HttpRequestReader, TakesBytesAsTheyCome) {
    HttpRequestReader reader(512, 100);
    const std::string_view text = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz";
    EXPECT_FALSE(reader.begun());
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
        ASSERT_EQ(reader.feed(text.substr(i, 1)), Outcome::incomplete) << i;
    EXPECT_TRUE(reader.begun());
    ASSERT_EQ(reader.feed("z"), Outcome::complete);
    EXPECT_EQ(reader.request().path, "/a");
    EXPECT_EQ(reader.request().query, "b=c");
    EXPECT_EQ(reader.request().body, "xyz");
    EXPECT_EQ(find_header(reader.request().headers, "host"), "h");
    EXPECT_TRUE(reader.keep_alive());
    EXPECT_FALSE(reader.begun());
}

TEST(HttpRequestReader, TakesChunksAsTheyCome) {
    for (const std::string_view chunks : {"3\r\nxyz\r\n0\r\n\r\n", "0\r\n\r\n"}) {
        HttpRequestReader reader(512, 100);
        const auto text =
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
        for (std::size_t i = 0; i + 1 < text.size(); ++i)
            ASSERT_EQ(reader.feed(text.substr(i, 1)), Outcome::incomplete) << i;
        ASSERT_EQ(reader.feed("\n"), Outcome::complete);
        EXPECT_EQ(reader.request().body, chunks.starts_with('3') ? "xyz" : "");
    }
}

TEST(HttpRequestReader, KeepsWhatBelongsToTheNextRequest) {
    HttpRequestReader reader(512, 100);
    ASSERT_EQ(reader.feed("GET /1 HTTP/1.0\r\n\r\nGET /2 HTT"), Outcome::complete);
    EXPECT_EQ(reader.request().path, "/1");
    EXPECT_FALSE(reader.keep_alive());  // HTTP/1.0
    EXPECT_TRUE(reader.begun());
    EXPECT_EQ(reader.feed({}), Outcome::incomplete);
    ASSERT_EQ(reader.feed("P/1.1\r\n\r\n"), Outcome::complete);
    EXPECT_EQ(reader.request().path, "/2");
}

TEST(HttpRequestReader, RefusesWhatTwoServersCouldReadInTwoWays) {
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "0\r\n\r\n"),
              400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA b: c\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA: b\r\nGET /x HTTP/1.1\r\n\r\n"), 400u);
}

TEST(HttpRequestReader, RefusesWhatIsNoRequest) {
    EXPECT_EQ(refusal("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS on a plain port"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/2.0\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET http://host/ HTTP/1.1\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET /%00 HTTP/1.1\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET /%4 HTTP/1.1\r\n\r\n"), 400u);
    EXPECT_EQ(refusal(std::string("GET /\0 HTTP/1.1\r\n\r\n", 20)), 400u);
}

TEST(HttpRequestReader, HasALimitForHeadsThatNeverEnd) {
    HttpRequestReader reader(512, 100);
    Outcome outcome = reader.feed("GET / HTTP/1.1\r\n");
    int lines = 0;
    while (outcome == Outcome::incomplete && lines < 1000) {
        outcome = reader.feed("A: b\r\n");
        ++lines;
    }
    EXPECT_EQ(outcome, Outcome::refused);
    EXPECT_EQ(reader.status(), 431u);
    EXPECT_LT(lines, 100);
}

TEST(HttpRequestReader, HasALimitForBodiesInChunks) {
    HttpRequestReader reader(512, 100);
    Outcome outcome = reader.feed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    int chunks = 0;
    while (outcome == Outcome::incomplete && chunks < 1000) {
        outcome = reader.feed("A\r\n0123456789\r\n");
        ++chunks;
    }
    EXPECT_EQ(reader.status(), 413u);
    EXPECT_EQ(chunks, 11);
}

TEST(HttpResponseHead, SaysHowLongTheBodyIs) {
    HttpServerResponse answer = HttpServerResponse::text(200, "abc");
    answer.headers.emplace_back("X-A", "1");
    EXPECT_EQ(http_response_head(answer, {true, false, 3}),
              "HTTP/1.1 200 OK\r\nServer: hab\r\nContent-Type: text/plain\r\nX-A: 1\r\n"
              "Connection: keep-alive\r\nContent-Length: 3\r\n\r\n");
    EXPECT_THAT(http_response_head(answer, {false, true, 0}), Not(HasSubstr("Content-Length")));
    answer.status = 304;
    EXPECT_THAT(http_response_head(answer, {true, false, 0}), Not(HasSubstr("Content-Length")));
}

TEST(HttpResponseHead, LetsNobodyAddHeaders) {
    HttpServerResponse answer;
    answer.headers.emplace_back("X-Name", "evil\r\nSet-Cookie: a=b");
    EXPECT_THAT(http_response_head(answer, {}), Not(HasSubstr("evil")));
}

}  // namespace
}  // namespace hab::net
