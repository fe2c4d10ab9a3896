// SPDX-License-Identifier: Apache-2.0
// Two sessions with each other, and with peers that break the rules. Against real libzmq:
// tests/integration/ring.
#include "ring/zmtp/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::ring {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t limit = 70000;

std::string greeting() {
    return ZmtpSession(ZmtpRole::push, limit).output().substr(0, 64);
}

std::string ready(std::string_view type) {
    return std::string("\x04\x1a\x05READY\x0bSocket-Type\0\0\0\x04"sv).append(type);
}

/// Everything that a PULL side takes from these bytes, given `step` at a time.
struct Taken {
    std::vector<std::string> messages;
    std::string failure;
    std::string output;
};
Taken pull(std::string_view bytes, std::size_t step = 1000000) {
    ZmtpSession session(ZmtpRole::pull, limit);
    (void)session.take_output();
    Taken taken;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        session.feed(bytes.substr(at, step));
        std::string_view message;
        while (session.next(message))
            taken.messages.emplace_back(message);
    }
    taken.failure = session.failure();
    taken.output = session.output();
    return taken;
}

/// What a PUSH side writes from end to end.
std::string pushed(const std::vector<std::string>& messages) {
    ZmtpSession session(ZmtpRole::push, limit);
    session.feed(greeting() + ready("PULL"));
    std::string_view none;
    EXPECT_FALSE(session.next(none));
    EXPECT_TRUE(session.established()) << session.failure();
    for (const std::string& message : messages)
        session.push(message);
    return session.take_output();
}

TEST(Zmtp, MessagesOfAllSizesArriveHoweverTheyAreCut) {
    const std::vector<std::string> messages = {"", "A", std::string(255, 'b'),
                                               std::string(256, 'c'), std::string(limit, 'd')};
    const std::string bytes = pushed(messages);
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{64}, bytes.size()}) {
        const Taken taken = pull(bytes, step);
        EXPECT_EQ(taken.messages, messages) << step;
        EXPECT_EQ(taken.failure, "");
    }
}

TEST(Zmtp, NothingButTheHandshakeLeavesBeforeThePeersReady) {
    ZmtpSession session(ZmtpRole::push, limit);
    EXPECT_EQ(session.output(), greeting() + ready("PUSH"));
    EXPECT_THROW(session.push("x"), Error);
    session.feed(greeting());
    std::string_view none;
    EXPECT_FALSE(session.next(none));
    EXPECT_FALSE(session.established());
    EXPECT_THROW(session.push("x"), Error);
    EXPECT_THROW(ZmtpSession(ZmtpRole::pull, limit).push("x"), Error);
}

TEST(Zmtp, AnOlderMinorVersionAndUnknownPropertiesAreFine) {
    std::string older = greeting();
    older[11] = 0;
    std::string body = "\x05READY\x08Identity"s + "\0\0\0\x02"s + "me" + "\x0bsocket-type"s +
                       "\0\0\0\x04"s + "PUSH";
    std::string command = "\x04"s + static_cast<char>(body.size()) + body;
    const std::string message("\x01\x01x\x00\x01y", 6);
    EXPECT_THAT(pull(older + command + message).messages, ElementsAre("x", "y"))
        << "parts of one message are messages";
}

TEST(Zmtp, PingIsAnsweredAndOtherCommandsArePassedOver) {
    const std::string start = greeting() + ready("PUSH");
    const Taken taken = pull(start + std::string("\x04\x09\x04PING\x00\x0a"
                                                 "ab"
                                                 "\x04\x05\x04PONG"
                                                 "\x04\x06\x03XYZ12\x00\x01m",
                                                 29));
    EXPECT_EQ(taken.failure, "");
    EXPECT_THAT(taken.messages, ElementsAre("m"));
    EXPECT_EQ(taken.output, std::string("\x04\x07\x04PONGab", 9));
}

TEST(Zmtp, EachBrokenRuleEndsTheConnection) {
    const std::string start = greeting() + ready("PUSH");
    EXPECT_THAT(pull("GET / HTTP/1.1\r\n").failure, HasSubstr("does not speak ZMTP"));
    EXPECT_THAT(pull("\xff\0\0\0\0\0\0\0\1x"sv).failure, HasSubstr("does not speak ZMTP"));
    EXPECT_THAT(pull("\xff\0\0\0\0\0\0\0\1\x7f\1"sv).failure, HasSubstr("before 3"));
    std::string curve = greeting();
    curve.replace(12, 5, "CURVE");
    EXPECT_THAT(pull(curve).failure, HasSubstr("another security mechanism"));
    EXPECT_THAT(pull(greeting() + ready("PULL")).failure, HasSubstr("not a PUSH socket"));
    EXPECT_THAT(pull(greeting() + ready("DEAL")).failure, HasSubstr("not a PUSH socket"));
    EXPECT_THAT(pull(greeting() + "\x04\x06\x05READY"s).failure, HasSubstr("not a PUSH socket"));
    EXPECT_THAT(pull(greeting() + "\x04\x07\x05READY\x09"s).failure, HasSubstr("cut short"));
    EXPECT_THAT(pull(greeting() + std::string("\x00\x01x", 3)).failure,
                HasSubstr("before its handshake"));
    EXPECT_THAT(pull(start + ready("PUSH")).failure, HasSubstr("twice"));
    EXPECT_THAT(pull(start + "\x08").failure, HasSubstr("flags that do not exist"));
    EXPECT_THAT(pull(start + "\x04\x01\x05").failure, HasSubstr("without a name"));
    EXPECT_THAT(pull(start + std::string("\x04\x00", 2)).failure, HasSubstr("without a name"));
    EXPECT_THAT(pull(start + "\x04\x07\x05"
                             "ERROR\x00"s)
                    .failure,
                HasSubstr("refused"));
    EXPECT_THAT(pull(start + "\x04\x05\x04PING").failure, HasSubstr("PING that is none"));
    EXPECT_THAT(pull(start + "\x02\0\0\0\0\0\x01\x11\x71"s).failure, HasSubstr("too large"));
    EXPECT_THAT(pull(start + "\x02\xff\xff\xff\xff\xff\xff\xff\xff").failure,
                HasSubstr("too large"));
    EXPECT_THAT(pull(start + "\x06\0\0\0\0\0\0\x10\x01"s).failure, HasSubstr("too large"));
}

TEST(Zmtp, APushSideTakesNoMessages) {
    ZmtpSession session(ZmtpRole::push, limit);
    session.feed(greeting() + ready("PULL") + std::string("\x00\x01x", 3));
    std::string_view message;
    EXPECT_FALSE(session.next(message));
    EXPECT_THAT(session.failure(), HasSubstr("only takes messages"));
}

TEST(Zmtp, KnowsWhenAPeerStoppedInTheMiddle) {
    ZmtpSession session(ZmtpRole::pull, limit);
    session.feed(greeting() + ready("PUSH") + "\x00\x05"s + "abc");
    std::string_view message;
    EXPECT_FALSE(session.next(message));
    EXPECT_TRUE(session.mid_frame());
    session.feed("de");
    EXPECT_TRUE(session.next(message));
    EXPECT_EQ(message, "abcde");
    EXPECT_FALSE(session.mid_frame());
}

}  // namespace
}  // namespace hab::ring
