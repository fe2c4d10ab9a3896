// SPDX-License-Identifier: Apache-2.0
// Whole ring nodes on real sockets, clocks and files. What they decide is tested in the simulator.
#include <gmock/gmock.h>

#include "base/temp_dir.hpp"
#include "gossip/ring_driver.hpp"
#include "integration/ring/loop.hpp"
#include "ring/codec/codec.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using gossip::RingDriver;

ring::Seal keyed(char fill) {
    std::vector<crypto::RingKey> keys;
    keys.emplace_back(crypto::KeyName{"ring", "20260101000000"},
                      crypto::SecretBytes(Bytes(32, static_cast<std::byte>(fill))));
    return ring::Seal(std::move(keys));
}

class Driver : public WorldTest {
protected:
    /// A node of its own directory; the second call with a digit is that node again.
    std::unique_ptr<RingDriver> node(char digit, const std::vector<ring::Endpoint>& peers,
                                     const ring::Endpoint& listen = anywhere) {
        gossip::RingOptions options;
        options.config.id = ring::MemberId::parse(std::string(32, digit)).value();
        options.config.seed = static_cast<std::uint64_t>(digit);
        options.config.tuning.probe_period = ring::milliseconds(200);
        options.config.tuning.direct_wait = ring::milliseconds(100);
        options.config.tuning.suspicion_least = ring::milliseconds(500);
        options.config.tuning.seed_period = ring::seconds(1);
        options.listen = listen;
        options.seal = keyed(key_);
        options.state_dir = dir_.path() / std::string(1, digit);
        options.peers = peers;
        return std::make_unique<RingDriver>(
            loop_, clock_, std::move(options), [](const ring::Event&) {},
            [](const Error& problem) { ADD_FAILURE() << problem.message(); });
    }
    static std::optional<ring::Health> health_at(RingDriver& driver, const ring::MemberId& id) {
        const auto slot = driver.node().members().find(id);
        if (!slot) return std::nullopt;
        return driver.node().members().at(*slot).health;
    }
    static bool alive_at(RingDriver& driver, RingDriver& other) {
        return health_at(driver, other.node().id()) == ring::Health::alive;
    }
    static bool agree(RingDriver& one, RingDriver& other) {
        return alive_at(one, other) && alive_at(other, one) &&
               one.node().state_hash() == other.node().state_hash();
    }
    static void configure(RingDriver& driver, std::string_view text) {
        const ring::ConfigRumor config{"redis.default", 1, false, text};
        const std::string bytes = ring::encoded(
            ring::Rumor{ring::RumorKind::service_config, ring::client_injector, config});
        driver.command(ring::Inject{bytes});
    }
    static bool has_config(RingDriver& driver, std::string_view text) {
        for (const auto& [key, held] : driver.node().rumors().all()) {
            if (held.bytes->find(text) != std::string::npos) return true;
        }
        return false;
    }

    TempDir dir_;
    SystemClock clock_;
    boost::asio::io_context loop_;
    char key_ = 'k';
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

}  // namespace
}  // namespace hab::test
