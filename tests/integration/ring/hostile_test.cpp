// SPDX-License-Identifier: Apache-2.0
// Real sockets among people who mean harm or are unlucky. What a node makes of single messages is
// tested in tests/unit/ring, of months of them in the simulator.
#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "integration/ring/driver.hpp"

namespace hab::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Hostile : public Driver {
protected:
    /// Counts events of refused messages by what they say.
    void count_refusals() {
        on_event_ = [this](const ring::Event& event) {
            if (event.kind == ring::EventKind::refused) ++refused_[std::string(event.text)];
        };
    }
    std::map<std::string, std::size_t> refused_;
};

/// Sends garbage as fast as one core can, until it goes.
class Flood {
public:
    explicit Flood(const ring::Endpoint& to)
        : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), thread_([this, to] { run(to); }) {}
    ~Flood() {
        over_ = true;
        thread_.join();
    }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

private:
    void run(const ring::Endpoint& to) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(to.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // A wrapper with a nonce: refused only after the whole of it was checked.
        std::string bytes = "\x08\x01\x12\x18" + std::string(24, 'n') + "\x1a\xc0\x07";
        bytes += std::string(960, 'x');
        while (!over_)
            (void)::sendto(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                           reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    UniqueFd fd_;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

TEST_F(Hostile, AFloodLeavesTimersAndStreamsTheirTurn) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    const Flood flood(a->swim_address());
    ASSERT_TRUE(run_until(loop_, [&] { return a->counts().not_authentic > 100; }));
    std::size_t ticks = 0;
    boost::asio::steady_timer timer(loop_);
    std::function<void()> tick = [&] {
        timer.expires_after(5ms);
        timer.async_wait([&](const boost::system::error_code& error) {
            if (error) return;
            ++ticks;
            tick();
        });
    };
    tick();
    const std::uint64_t before = a->counts().not_authentic;
    ASSERT_TRUE(run_until(loop_, [&] { return a->counts().not_authentic > before + 2000; }));
    // Turns of 64 datagrams at most: so many turns there were for others in between.
    EXPECT_TRUE(run_until(loop_, [&] { return ticks >= 5; }));
    configure(*a, "during = \"the flood\"");
    EXPECT_TRUE(run_until(loop_, [&] { return has_config(*b, "the flood"); }));
}

TEST_F(Hostile, PeersThatConnectAndStallKeepNobodyFromTheOthers) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    std::vector<UniqueFd> stalled;
    for (int i = 0; i < 40; ++i) {
        stalled.push_back(connect_to(b->gossip_address()));
        if (i % 2 == 0) say(stalled.back(), std::string("\xff\0\0", 3));
    }
    const std::string large = "large = \"" + std::string(60000, 'y') + "\"";
    configure(*a, large);
    EXPECT_TRUE(run_until(loop_, [&] { return has_config(*b, large); }));
}

TEST_F(Hostile, GarbledForgedOversizedAndRepeatedDatagramsAreNothing) {
    strict_ = true;
    count_refusals();
    // Somebody whom a takes for a peer: so he holds true datagrams of a's.
    std::vector<std::string> overheard;
    gossip::DatagramSocket thief(
        loop_, anywhere,
        [&](const ring::Endpoint&, std::string_view bytes) { overheard.emplace_back(bytes); });
    auto a = node('a', {thief.local()});
    ASSERT_TRUE(run_until(loop_, [&] { return overheard.size() >= 2; }));
    auto b = node('b', {});
    thief.send(b->swim_address(), overheard[0]);
    ASSERT_TRUE(run_until(loop_, [&] { return b->node().members().size() == 1; }))
        << "what a said to nobody in particular, for the first time, is taken";
    const std::uint64_t known = b->node().state_hash();
    for (int i = 0; i < 3; ++i)
        thief.send(b->swim_address(), overheard[0]);
    EXPECT_TRUE(run_until(loop_, [&] { return refused_["it was said before"] == 3; }));
    std::string garbled = overheard[1];
    garbled[garbled.size() / 2] = static_cast<char>(garbled[garbled.size() / 2] ^ 1);
    thief.send(b->swim_address(), garbled);
    thief.send(b->swim_address(), overheard[1] + std::string(ring::max_datagram, 'x'));
    // With the ring's key and without a signature.
    ring::Swim forged;
    forged.from.id = a->node().id();
    forged.from.incarnation = 1000;
    forged.from.address = loopback;
    forged.from.swim_port = forged.from.gossip_port = 9;
    std::string sealed;
    seal().wrap(ring::encoded(forged), sealed);
    thief.send(b->swim_address(), sealed);
    EXPECT_TRUE(run_until(loop_, [&] {
        return b->counts().not_authentic == 1 &&
               refused_["it is not signed by who may say it"] == 1;
    }));
    EXPECT_EQ(b->node().state_hash(), known);
}

TEST_F(Hostile, WhoWasKilledAndComesBackWithAnOldDiskAgreesWithTheOthers) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    const fs::path disk = dir_.path() / "b";
    const fs::path backup = dir_.path() / "backup";
    fs::copy(disk, backup);
    // It is told dead and comes back, so that its incarnation goes up; and there is news.
    const ring::MemberId id = b->node().id();
    b.reset();
    ASSERT_TRUE(run_until(loop_, [&] { return health_at(*a, id) == ring::Health::confirmed; }));
    b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b) && b->node().incarnation() > 0; }));
    configure(*a, "newer = \"than the backup\"");
    ASSERT_TRUE(run_until(loop_, [&] { return has_config(*b, "than the backup"); }));
    b.reset();
    fs::remove_all(disk);
    fs::rename(backup, disk);
    b = node('b', {a->swim_address()});
    EXPECT_TRUE(
        run_until(loop_, [&] { return agree(*a, *b) && has_config(*b, "than the backup"); }));
}

TEST_F(Hostile, AnAddressThatAnotherTookOverIsTheOthers) {
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    const ring::MemberId gone = b->node().id();
    const ring::Endpoint address{loopback, b->swim_address().port};
    b.reset();
    auto c = node('c', {a->swim_address()}, address);
    EXPECT_EQ(c->swim_address(), address);
    EXPECT_TRUE(run_until(
        loop_, [&] { return alive_at(*a, *c) && health_at(*a, gone) == ring::Health::confirmed; }));
}

TEST_F(Hostile, AStrictRingFormsAndHoldsItsDoorShut) {
    strict_ = true;
    auto a = node('a', {});
    auto b = node('b', {a->swim_address()});
    ASSERT_TRUE(run_until(loop_, [&] { return agree(*a, *b); }));
    configure(*a, "by = \"the admin\"");
    EXPECT_TRUE(run_until(loop_, [&] { return has_config(*b, "the admin"); }));
    try {
        configure(*b, "by = \"a member\"");
        ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::denied);
        EXPECT_THAT(error.message(), HasSubstr("the ring is strict"));
    }
    // One with the ring's key that signs nothing.
    count_refusals();
    strict_ = false;
    auto stranger = node('d', {a->swim_address()});
    EXPECT_TRUE(
        run_until(loop_, [&] { return refused_["it is not signed by who may say it"] >= 3; }));
    EXPECT_EQ(a->node().members().size(), 1u);
    EXPECT_EQ(stranger->node().members().size(), 0u);
    // A member that starts again is who it was.
    strict_ = true;
    const ring::MemberId id = b->node().id();
    b.reset();
    b = node('b', {});
    EXPECT_EQ(b->node().id(), id);
    EXPECT_TRUE(run_until(loop_, [&] { return agree(*a, *b) && has_config(*b, "the admin"); }));
}

}  // namespace
}  // namespace hab::test
