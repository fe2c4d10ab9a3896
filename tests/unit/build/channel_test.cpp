// SPDX-License-Identifier: Apache-2.0
#include "build/channel.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"

namespace hab::build {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(RequestParser, TakesRequestsOutOfAnySlicing) {
    const std::string bytes = "2\0verify\0a b\0"s + "1\0hello\0"s + "3\0x\0\0two\nlines\0"s;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        RequestParser parser;
        std::vector<Request> requests;
        for (const auto& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
            parser.feed(part);
            while (auto request = parser.next())
                requests.push_back(*request);
        }
        ASSERT_EQ(requests.size(), 3u) << cut;
        EXPECT_EQ(requests[0].verb, "verify");
        EXPECT_THAT(requests[0].fields, ElementsAre("a b"));
        EXPECT_TRUE(requests[1].fields.empty());
        EXPECT_THAT(requests[2].fields, ElementsAre("", "two\nlines"));
    }
}

TEST(RequestParser, RefusesWhatIsNoRequest) {
    for (const std::string& bytes :
         {"0\0"s, "x\0"s, "-1\0"s, "999999999\0"s, "this is no request at all"s}) {
        RequestParser parser;
        parser.feed(bytes);
        try {
            static_cast<void>(parser.next());
            FAIL() << bytes;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            EXPECT_THAT(error.what(), HasSubstr("cannot read a request of the build runtime"));
        }
    }
}

TEST(RequestParser, RefusesEndlessFields) {
    RequestParser parser;
    parser.feed("2\0download\0"s);
    parser.feed(std::string(RequestParser::max_bytes + 1, 'x'));
    EXPECT_THROW(static_cast<void>(parser.next()), Error);
}

TEST(EncodeReply, CutsFieldsAtNul) {
    EXPECT_EQ(encode_reply({0, {"a", "b\0c"s}}), "0\0002\0a\0b\0"s);
    EXPECT_EQ(encode_reply({42, {}}), "42\0000\0"s);
}

TEST(Channel, CarriesARequestAndALargeReply) {
    const TempDir dir;
    Channel channel(dir.path());
    const UniqueFd request = open_file(dir.path() / "request", O_WRONLY);
    const UniqueFd reply = open_file(dir.path() / "reply", O_RDONLY | O_NONBLOCK);
    EXPECT_FALSE(channel.receive());
    write_all(request.get(), "1\0hello\0"s, "request");
    const auto got = channel.receive();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->verb, "hello");
    channel.send({0, {"s:a"}}, -1);
    char bytes[64];
    EXPECT_EQ(::read(reply.get(), bytes, sizeof(bytes)), 8);
}

TEST(Channel, GivesUpWhenTheReaderIsGone) {
    const TempDir dir;
    Channel channel(dir.path());
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd ended(ends[0]);
    const UniqueFd writer(ends[1]);
    write_all(writer.get(), "x", "ended");
    // More than a FIFO holds, and nobody reads: without the second descriptor this would never
    // return.
    channel.send({0, {std::string(1 << 20, 'x')}}, ended.get());
}

}  // namespace
}  // namespace hab::build
