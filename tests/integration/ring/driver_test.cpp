// SPDX-License-Identifier: Apache-2.0
// Whole ring nodes on real sockets, clocks and files. What they decide is tested in the simulator.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "integration/ring/driver.hpp"

namespace hab::test {
namespace {

/// While it lives, no file of this process grows beyond that size: as if the disk were full.
class FullDisk {
public:
    explicit FullDisk(std::uintmax_t size) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &old_), 0);
        const rlimit full{static_cast<rlim_t>(size), old_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    }
    ~FullDisk() {
        (void)::setrlimit(RLIMIT_FSIZE, &old_);
        (void)::signal(SIGXFSZ, old_handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit old_{};
    sighandler_t old_handler_;
};

TEST_F(Driver, NodesFindEachOtherAndMissOneThatDies) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    auto c = node('c', {b->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b) && agree(*b, *c) && agree(*a, *c); }));
    const ring::MemberId gone = c->node().id();
    c.reset();
    EXPECT_TRUE(run_until(loop_, [&] {
        return health_at(*a, gone) == ring::Health::confirmed &&
               health_at(*b, gone) == ring::Health::confirmed;
    }));
}

TEST_F(Driver, ConfigurationsSmallAndLargeReachEveryone) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    auto c = node('c', {a->swim_address()});
    const std::string large = "large = \"" + std::string(60000, 'x') + "\"";
    configure(*b, large);
    EXPECT_TRUE(run_until(
        loop_, [&] { return has_config(*a, large) && has_config(*c, large) && agree(*a, *c); }));
}

TEST_F(Driver, AnotherKeyStaysOutside) {
    auto a = node('a', {});
    key_ = 'x';
    auto stranger = node('b', {a->swim_address()});
    EXPECT_TRUE(run_until(loop_, [&] {
        return a->counts().not_authentic >= 2 && stranger->counts().not_authentic == 0;
    }));
    EXPECT_EQ(a->node().members().size(), 0u);
}

TEST_F(Driver, GarbageIsCountedAndForgotten) {
    auto a = node('a', {});
    gossip::DatagramSocket stranger(loop_, anywhere, [](const ring::Endpoint&, std::string_view) {
        ADD_FAILURE() << "garbage was answered";
    });
    for (const std::string& bytes :
         {std::string(), std::string(900, '\xff'), std::string("\x1a\x02\x08\x01", 4)})
        stranger.send(a->swim_address(), bytes);
    EXPECT_TRUE(
        run_until(loop_, [&] { return a->counts().malformed + a->counts().not_authentic == 3; }));
    auto b = node('b', {a->swim_address()});
    EXPECT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
}

TEST_F(Driver, ANodeThatIsKilledRemembersItsRing) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    configure(*a, "kept = true");
    ASSERT_TRUE(run_until(loop_, [&] { return has_config(*b, "kept"); }));
    const std::uint64_t incarnation = b->node().incarnation();
    b.reset();
    b = node('b', {});
    EXPECT_TRUE(has_config(*b, "kept")) << "before anybody was asked";
    EXPECT_GE(b->node().incarnation(), incarnation);
    EXPECT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
}

TEST_F(Driver, AHandlerThatCommandsIsNotInterruptedByItsOwnEvents) {
    auto a = node('a', {});
    int depth = 0;
    std::vector<std::string> groups;
    on_event_ = [&](const ring::Event& event) {
        if (event.kind != ring::EventKind::census_changed) return;
        EXPECT_EQ(++depth, 1);
        groups.push_back(event.group);
        if (groups.size() == 1) {
            const ring::ConfigRumor config{"other.default", 1, false, "x = 1"};
            const std::string bytes = ring::encoded(
                ring::Rumor{ring::RumorKind::service_config, ring::client_injector, config});
            a->command(ring::Inject{bytes});
            EXPECT_EQ(groups.size(), 1u) << "its turn comes";
        }
        --depth;
    };
    configure(*a, "x = 1");
    EXPECT_THAT(groups, ::testing::ElementsAre("redis.default", "other.default"));
}

TEST_F(Driver, WhatASubscriberThrowsDoesNotStopTheRing) {
    auto a = node('a', {});
    problems_expected_ = true;
    on_event_ = [](const ring::Event&) { throw std::runtime_error("a subscriber's own trouble"); };
    auto b = node('b', {});
    b->command(ring::AddPeer{a->swim_address()});
    EXPECT_TRUE(run_until(loop_, [&] { return problems_ >= 2; })) << "both hear of a member";
    on_event_ = {};
    problems_expected_ = false;
    EXPECT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    configure(*a, "goes = \"on\"");
    EXPECT_TRUE(run_until(loop_, [&] { return has_config(*b, "goes"); }));
}

TEST_F(Driver, SaysNothingUntilItsWordIsOnDisk) {
    auto a = node('a', {});
    ring::Seal seal = keyed(key_);
    std::vector<std::uint64_t> answers;
    bool marked = false;
    gossip::DatagramSocket peer(loop_, anywhere,
                                [&](const ring::Endpoint&, std::string_view bytes) {
                                    std::string opened;
                                    std::string_view payload;
                                    marked = bytes == "mark" || marked;
                                    ring::Swim swim;
                                    if (seal.open(bytes, opened, payload) != ring::Refusal::none ||
                                        ring::decode_swim(payload, swim) != ring::Refusal::none)
                                        return;
                                    answers.push_back(swim.from.incarnation);
                                });
    const auto doubt = [&] {
        ring::Swim ping;
        ping.from.id = ring::MemberId::parse(std::string(32, 'e')).value();
        ping.from.swim_port = ping.from.gossip_port = peer.local().port;
        ping.membership.resize(1);
        ping.membership[0].member.id = a->node().id();
        ping.membership[0].member.address = loopback;
        ping.membership[0].member.swim_port = ping.membership[0].member.gossip_port = 1;
        ping.membership[0].member.incarnation = 4;
        ping.membership[0].health = ring::Health::suspect;
        std::string bytes;
        seal.wrap(ring::encoded(ping), bytes);
        peer.send(a->swim_address(), bytes);
    };
    problems_expected_ = true;
    {
        const FullDisk full(0);
        doubt();
        doubt();
        peer.send(a->swim_address(), "garbage");
        ASSERT_TRUE(run_until(loop_, [&] { return a->counts().malformed != 0; }));
        // What was answered came before this.
        peer.send(peer.local(), "mark");
        ASSERT_TRUE(run_until(loop_, [&] { return marked; }));
        EXPECT_EQ(a->node().incarnation(), 5u);
        EXPECT_GE(problems_, 1u);
        EXPECT_TRUE(answers.empty());
    }
    doubt();
    ASSERT_TRUE(run_until(loop_, [&] { return !answers.empty(); }));
    EXPECT_EQ(answers[0], 5u);
    a.reset();
    problems_expected_ = false;
    a = node('a', {});
    EXPECT_EQ(a->node().incarnation(), 5u);
}

}  // namespace
}  // namespace hab::test
