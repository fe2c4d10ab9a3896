// SPDX-License-Identifier: Apache-2.0
// Ring nodes on real sockets, clocks and files.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "gossip/ring_driver.hpp"
#include "integration/ring/loop.hpp"
#include "ring/codec/codec.hpp"
#include "support/world.hpp"

namespace hab::test {

using gossip::RingDriver;

inline ring::Seal keyed(char fill) {
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
        if (strict_) make_strict(options.config, digit);
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
            loop_, clock_, std::move(options),
            [this](const ring::Event& event) {
                if (on_event_) on_event_(event);
            },
            [this](const Error& problem) {
                ++problems_;
                EXPECT_TRUE(problems_expected_) << problem.message();
            });
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

    [[nodiscard]] ring::Seal seal() const { return keyed(key_); }

private:
    static crypto::Identity identity(char digit) {
        std::array<std::byte, 32> seed{};
        seed[0] = static_cast<std::byte>(digit);
        return crypto::Identity::from_seed("test", seed);
    }
    /// Of a strict ring, whose admin sits at node a.
    void make_strict(ring::NodeConfig& config, char digit) {
        const auto since = clock_.wall().time_since_epoch();
        const auto epoch = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
        ring::StrictRing ring{"ring",
                              identity(digit),
                              {identity('!').public_key()},
                              {},
                              static_cast<std::uint64_t>(epoch)};
        if (digit == 'a') ring.admin.emplace(identity('!'));
        config.id = ring.id();
        config.advertised = loopback;
        config.strict = std::make_shared<const ring::StrictRing>(std::move(ring));
    }

protected:
    bool strict_ = false;
    TempDir dir_;
    SystemClock clock_;
    boost::asio::io_context loop_;
    char key_ = 'k';
    std::function<void(const ring::Event&)> on_event_;
    std::size_t problems_ = 0;
    bool problems_expected_ = false;
};

}  // namespace hab::test
