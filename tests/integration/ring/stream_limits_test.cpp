// SPDX-License-Identifier: Apache-2.0
// Peers that stall, flood or lie, on either end of a gossip connection.
#include <gmock/gmock.h>

#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "gossip/stream_acceptor.hpp"
#include "gossip/stream_pool.hpp"
#include "integration/ring/loop.hpp"
#include "ring/zmtp/session.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// Greeting and READY of a PUSH side.
std::string handshake() {
    return ring::ZmtpSession(ring::ZmtpRole::push, 0).take_output();
}

class StreamLimits : public WorldTest {
protected:
    gossip::StreamAcceptor::Handler collect() {
        return [this](const ring::Endpoint&, std::string_view message) {
            taken_.emplace_back(message);
        };
    }
    gossip::StreamPool::Done note() {
        return
            [this](std::uint64_t order, std::size_t sent, bool ok) { done_[order] = {sent, ok}; };
    }
    boost::asio::io_context loop_;
    std::vector<std::string> taken_;
    std::map<std::uint64_t, std::pair<std::size_t, bool>> done_;
};

TEST_F(StreamLimits, WhoNeverSpeaksIsHungUpOn) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect(), {.handshake = 50ms});
    const UniqueFd silent = connect_to(acceptor.local());
    const UniqueFd half = connect_to(acceptor.local());
    say(half, handshake().substr(0, 70));
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.counts().stalled == 2; }));
    EXPECT_EQ(acceptor.connections(), 0u);
}

TEST_F(StreamLimits, ADribbleDoesNotPutOffTheEnd) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect(),
                                    {.handshake = 20s, .message = 300ms});
    const UniqueFd slow = connect_to(acceptor.local());
    // A million bytes are announced, and come one at a time.
    say(slow, handshake() + "\x02\x00\x00\x00\x00\x00\x0f\x42\x40"s);
    EXPECT_TRUE(run_until(loop_, [&] {
        (void)::send(slow.get(), "x", 1, MSG_NOSIGNAL);  // fails once the acceptor has hung up
        return acceptor.counts().stalled == 1;
    }));
    EXPECT_TRUE(taken_.empty());
}

TEST_F(StreamLimits, OneAddressHasSoManyConnections) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect(), {.per_address = 2});
    const UniqueFd first = connect_to(acceptor.local());
    UniqueFd second = connect_to(acceptor.local());
    const UniqueFd third = connect_to(acceptor.local());
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.counts().refused == 1; }));
    EXPECT_EQ(acceptor.connections(), 2u);
    second.reset();
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.connections() == 1; }));
    const UniqueFd fourth = connect_to(acceptor.local());
    say(fourth, handshake() + "\x00\x02ok"s);
    EXPECT_TRUE(run_until(loop_, [&] { return !taken_.empty(); }));
    EXPECT_THAT(taken_, ::testing::ElementsAre("ok"));
}

TEST_F(StreamLimits, HalvesOfMessagesHaveSoMuchMemory) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect(), {.buffered = 1000});
    const std::string half = handshake() + "\x02\x00\x00\x00\x00\x00\x00\x03\x20"s;
    const UniqueFd first = connect_to(acceptor.local());
    say(first, half + std::string(700, 'x'));
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.connections() == 1; }));
    const UniqueFd second = connect_to(acceptor.local());
    say(second, half + std::string(700, 'x'));
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.counts().refused == 1; }));
    // Either was the one too many; what it held is free again, so that the other can end.
    (void)::send(first.get(), std::string(100, 'x').data(), 100, MSG_NOSIGNAL);
    (void)::send(second.get(), std::string(100, 'x').data(), 100, MSG_NOSIGNAL);
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 1; }));
    EXPECT_EQ(taken_[0], std::string(800, 'x'));
}

TEST_F(StreamLimits, WhatIsTooLargeIsNotStored) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect());
    const UniqueFd liar = connect_to(acceptor.local());
    say(liar, handshake() + "\x02\x00\x00\x00\x00\x7f\xff\xff\xff"s);
    EXPECT_TRUE(run_until(loop_, [&] { return acceptor.counts().broken == 1; }));
}

TEST_F(StreamLimits, AMessageFollowedByHangingUpArrives) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect());
    UniqueFd peer = connect_to(acceptor.local());
    say(peer, handshake() + "\x00\x04last"s);
    peer.reset();
    EXPECT_TRUE(run_until(loop_, [&] { return !taken_.empty() && acceptor.connections() == 0; }));
    EXPECT_THAT(taken_, ::testing::ElementsAre("last"));
}

TEST_F(StreamLimits, AHandlerThatThrowsEndsThatConnectionOnly) {
    gossip::StreamAcceptor acceptor(loop_, anywhere,
                                    [this](const ring::Endpoint&, std::string_view message) {
                                        taken_.emplace_back(message);
                                        if (message == "bad!")
                                            throw std::out_of_range("of the handler");
                                    });
    const UniqueFd bad = connect_to(acceptor.local());
    say(bad, handshake() + "\x00\x04"s + "bad!");
    EXPECT_THROW((void)run_until(loop_, [&] { return taken_.size() > 1; }), std::out_of_range);
    EXPECT_EQ(acceptor.connections(), 0u);
    const UniqueFd good = connect_to(acceptor.local());
    say(good, handshake() + "\x00\x04"s + "good");
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 2; }));
}

TEST_F(StreamLimits, APortThatIsTakenIsSaid) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect());
    try {
        gossip::StreamAcceptor other(loop_, acceptor.local(), collect());
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_THAT(error.message(), ::testing::HasSubstr("the port is in use"));
    }
}

TEST_F(StreamLimits, OrdersForWhoNeverAnswersFailAndOthersGoOn) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect());
    // Listens, and the kernel accepts, but nobody ever speaks.
    const UniqueFd mute(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(mute.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(mute.get(), 8), 0);
    ASSERT_EQ(::getsockname(mute.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    const ring::Endpoint nobody{loopback, ntohs(address.sin_port)};

    gossip::StreamPool pool(loop_, note(), {.connections = 1, .handshake = 200ms});
    pool.send(1, nobody, {"a", "b"});
    pool.send(2, nobody, {"c"});
    pool.send(3, acceptor.local(), {"d"});
    EXPECT_EQ(pool.connections(), 1u) << "the others wait";
    EXPECT_TRUE(run_until(loop_, [&] { return done_.size() == 3 && !taken_.empty(); }));
    EXPECT_EQ(done_[1], (std::pair<std::size_t, bool>{0, false}));
    EXPECT_EQ(done_[2], (std::pair<std::size_t, bool>{0, false}));
    EXPECT_EQ(done_[3], (std::pair<std::size_t, bool>{1, true}));
    EXPECT_THAT(taken_, ::testing::ElementsAre("d"));
}

TEST_F(StreamLimits, TooMuchForOnePeerIsRefusedAtOnce) {
    gossip::StreamPool pool(loop_, note(), {.queued_bytes = 10});
    pool.send(1, {loopback, 1}, {"123456789"});
    pool.send(2, {loopback, 1}, {"12"});
    EXPECT_TRUE(done_.empty()) << "never from within send()";
    EXPECT_TRUE(run_until(loop_, [&] { return done_.size() == 2; }));
    EXPECT_EQ(pool.counts().refused, 1u);
    EXPECT_FALSE(done_[2].second);
    EXPECT_FALSE(done_[1].second) << "nobody listens there";
}

TEST_F(StreamLimits, AnIdlePeerTakesAnOrderOfAnySize) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, collect());
    gossip::StreamPool pool(loop_, note(), {.queued_bytes = 10});
    pool.send(1, acceptor.local(), {"123456789", "123456789"});
    EXPECT_TRUE(run_until(loop_, [&] { return done_.size() == 1 && taken_.size() == 2; }));
    EXPECT_TRUE(done_[1].second);
}

TEST_F(StreamLimits, AnIdleConnectionMakesRoomAndAClosedOneIsOpenedAgain) {
    auto first = std::make_unique<gossip::StreamAcceptor>(loop_, anywhere, collect());
    gossip::StreamAcceptor second(loop_, anywhere, collect());
    gossip::StreamPool pool(loop_, note(), {.connections = 1});
    const auto send = [&](std::uint64_t order, const ring::Endpoint& to) {
        pool.send(order, to, {"m"});
        return run_until(loop_, [&] { return done_.contains(order); }) && done_[order].second;
    };
    const ring::Endpoint place = first->local();
    EXPECT_TRUE(send(1, place));
    EXPECT_TRUE(send(2, second.local()));
    EXPECT_TRUE(send(3, place));
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 3; }));
    first.reset();
    EXPECT_TRUE(run_until(loop_, [&] { return pool.connections() == 0; }));
    first = std::make_unique<gossip::StreamAcceptor>(loop_, place, collect());
    EXPECT_TRUE(send(4, place));
}

}  // namespace
}  // namespace hab::test
