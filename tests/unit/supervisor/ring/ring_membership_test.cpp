// SPDX-License-Identifier: Apache-2.0
// A supervisor's words to the ring and back, without a network: a ring of one on loopback.
#include "supervisor/ring/ring_membership.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "ring/codec/codec.hpp"
#include "supervisor/http/ring_json.hpp"

namespace hab::supervisor {
namespace {

using testing::HasSubstr;

class Membership : public ::testing::Test {
protected:
    Membership() {
        system_.member_id = std::string(32, 'a');
        system_.ip = "10.0.0.1";
        system_.hostname = "here";
        settings_.listen = {"127.0.0.1", 0, {}};
        open();
    }
    void open() {
        ring_.emplace(
            RingMembership::Surroundings{loop_, clock_, entropy_, events_, paths_, system_},
            settings_);
        ring_->listen({[this](const std::set<std::string>& groups) { changed_ = groups; },
                       [this] { departed_ = true; }});
    }
    void settle() {
        loop_.restart();
        loop_.poll();
    }
    Error refusal(const std::function<void()>& order) {
        try {
            order();
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "nothing was thrown";
        return Error(ErrorCode::bug, "nothing was thrown");
    }
    /// As a peer would tell it.
    void hear(std::uint64_t incarnation, std::string_view ident) {
        ring::ServiceRumor said;
        said.member = *ring::MemberId::parse(system_.member_id);
        said.group = "redis.default";
        said.incarnation = incarnation;
        said.ident = ident;
        said.system.ip = "10.0.0.9";
        said.system.hostname = "there";
        hear(ring::Rumor{ring::RumorKind::service, system_.member_id, said});
        settle();
    }
    void hear(const ring::Rumor& rumor) {
        const std::string bytes = ring::encoded(rumor);
        const_cast<gossip::RingDriver&>(ring_->driver()).command(ring::Inject{bytes});
    }
    void hear_of_file(std::uint64_t version, std::string_view name, std::string_view body) {
        hear({ring::RumorKind::service_file, ring::client_injector,
              ring::FileRumor{"redis.default", version, false, name, body}});
    }
    void hear_of_config(std::uint64_t version, std::string_view text) {
        hear({ring::RumorKind::service_config, ring::client_injector,
              ring::ConfigRumor{"redis.default", version, false, text}});
    }

    TempDir dir_;
    Paths paths_{dir_.path()};
    SystemClock clock_;
    SystemEntropy entropy_;
    boost::asio::io_context loop_;
    EventStream events_{clock_};
    SystemState system_;
    RingSettings settings_;
    std::set<std::string> changed_;
    bool departed_ = false;
    std::optional<RingMembership> ring_;
};

const Announcement redis{"acme/redis/1.0.0/20260101000000", "port = 6379\n", false, 0};

TEST_F(Membership, AServiceIsInItsGroupFromItsAnnouncementToItsEnd) {
    EXPECT_EQ(ring_->group("redis.default"), nullptr);
    ring_->announce("redis.default", redis);
    settle();
    EXPECT_EQ(changed_, std::set<std::string>{"redis.default"});
    const auto group = ring_->group("redis.default");
    ASSERT_EQ(group->members.size(), 1u);
    EXPECT_TRUE(group->members[0].is_me);
    EXPECT_EQ(group->members[0].incarnation, 1u);
    EXPECT_EQ(to_json(group->members[0].config), "{\"port\":6379}");
    EXPECT_EQ(ring_->group("redis.default"), group) << "nothing changed: the same object";
    EXPECT_TRUE(ring_->is_mine_alone("redis.default"));
    ring_->announce("redis.default", redis);
    EXPECT_EQ(ring_->group("redis.default")->members[0].incarnation, 1u) << "said already";
    ring_->withdraw("redis.default");
    ring_->withdraw_forgotten();
    EXPECT_TRUE(ring_->group("redis.default")->members.empty());
}

TEST_F(Membership, WhatWasSaidBeforeARestartAndIsNoMoreIsWithdrawn) {
    ring_->announce("redis.default", redis);
    ring_->announce("web.default", redis);
    ring_.reset();
    open();
    ring_->announce("web.default", redis);
    EXPECT_EQ(ring_->group("redis.default")->members.size(), 1u) << "it may still come";
    ring_->withdraw_forgotten();
    EXPECT_TRUE(ring_->group("redis.default")->members.empty());
    EXPECT_EQ(ring_->group("web.default")->members[0].incarnation, 1u) << "said already";
}

TEST_F(Membership, WhatPeersRememberOfALostPastIsCorrected) {
    ring_->announce("redis.default", redis);
    hear(17, "acme/redis/0.1.0/20250101000000");
    const auto group = ring_->group("redis.default");
    ASSERT_EQ(group->members.size(), 1u);
    EXPECT_EQ(group->members[0].ident, redis.ident);
    EXPECT_EQ(group->members[0].incarnation, 18u);
    EXPECT_EQ(group->members[0].ip, "10.0.0.1");
}

TEST_F(Membership, ConfigurationsAndFilesHaveVersionsThatOnlyGrow) {
    ring_->apply_config({"redis.default", 4, "x = 1\n", false});
    EXPECT_EQ(ring_->config_version("redis.default"), 4u);
    EXPECT_EQ(ring_->config("redis.default")->text, "x = 1\n");
    EXPECT_FALSE(ring_->is_mine_alone("redis.default"));
    const auto old = refusal([&] { ring_->apply_config({"redis.default", 4, "x = 2\n", false}); });
    EXPECT_EQ(old.code(), ErrorCode::conflict);
    EXPECT_THAT(old.message(), HasSubstr("is not above the one in force, 4"));
    ring_->put_file({"redis.default", 1, "motd", "hello", false});
    EXPECT_EQ(ring_->file_version("redis.default", "motd"), 1u);
    EXPECT_EQ(ring_->file_body("redis.default", "motd"), "hello");
    ring_.reset();
    open();
    EXPECT_EQ(ring_->config_version("redis.default"), 4u) << "kept over a restart";
    EXPECT_EQ(ring_->files("redis.default").size(), 1u);
}

TEST_F(Membership, BadOrdersChangeNothing) {
    const auto code = [&](const std::function<void()>& order) { return refusal(order).code(); };
    EXPECT_EQ(code([&] { ring_->apply_config({"redis", 1, "", false}); }),
              ErrorCode::invalid_input);
    EXPECT_EQ(code([&] { ring_->apply_config({"redis.default", 1, "x = ", false}); }),
              ErrorCode::invalid_input);
    EXPECT_EQ(code([&] { ring_->apply_config({"redis.default", 1, "no box", true}); }),
              ErrorCode::crypto);
    EXPECT_EQ(code([&] {
                  ring_->apply_config(
                      {"redis.default", 1, "# " + std::string(most_ring_body, 'x'), false});
              }),
              ErrorCode::invalid_input);
    for (const char* const name : {"", ".", "..", "a/b", "a\nb"}) {
        EXPECT_EQ(code([&] { ring_->put_file({"redis.default", 1, name, "", false}); }),
                  ErrorCode::invalid_input)
            << name;
    }
    EXPECT_EQ(code([&] { ring_->depart("me"); }), ErrorCode::invalid_input);
    EXPECT_EQ(code([&] { ring_->depart(std::string(32, 'b')); }), ErrorCode::not_found);
    EXPECT_FALSE(ring_->config_version("redis.default"));
    ring_->leave();
    EXPECT_EQ(code([&] { ring_->apply_config({"redis.default", 1, "x = 1", false}); }),
              ErrorCode::conflict);
}

TEST_F(Membership, AGroupWithoutMeaningHidesNoOther) {
    ring_->announce("redis.default", redis);
    ring::ServiceRumor said;
    const std::string other(32, 'b');
    said.member = *ring::MemberId::parse(other);
    said.group = "no group/\n.default";
    said.incarnation = 1;
    said.ident = redis.ident;
    hear(ring::Rumor{ring::RumorKind::service, other, said});
    ASSERT_NE(ring_->group(std::string(said.group)), nullptr) << "the ring takes it";
    const std::vector<std::shared_ptr<const ServiceSnapshot>> services;
    for (const Value& shown : {http::census_json(services, system_, &*ring_),
                               http::butterfly_json(services, system_, &*ring_)}) {
        const std::string text = to_json(shown);
        EXPECT_THAT(text, HasSubstr("redis.default"));
        EXPECT_THAT(text, testing::Not(HasSubstr("no group")));
    }
}

TEST_F(Membership, WhatCannotBeToldChangesNothingAndHoldsNoNewsBack) {
    ring_->announce("redis.default", redis);
    const std::string hostname = std::exchange(system_.hostname, std::string(2u << 20, 'x'));
    EXPECT_THROW(ring_->announce("web.default", redis), Error) << "no message holds it";
    ring_->apply_config({"redis.default", 1, "x = 1\n", false});
    ring_->apply_config({"web.default", 1, "x = 1\n", false});
    settle();
    EXPECT_EQ(changed_, (std::set<std::string>{"redis.default", "web.default"}));
    system_.hostname = hostname;
    ring_->apply_config({"web.default", 2, "x = 2\n", false});
    settle();
    EXPECT_TRUE(ring_->group("web.default")->members.empty());
    EXPECT_EQ(ring_->group("redis.default")->members[0].incarnation, 1u);
}

TEST_F(Membership, WhatOthersTellIsHeldToTheSameLimits) {
    const std::string large(most_ring_body + 1, '#');
    hear_of_file(1, "large", large);
    hear_of_config(1, large);
    const auto file = refusal([&] { (void)ring_->file_body("redis.default", "large"); });
    EXPECT_EQ(file.code(), ErrorCode::invalid_input);
    EXPECT_THAT(file.message(), HasSubstr("has 65537 bytes, but at most 65536 are taken"));
    EXPECT_EQ(refusal([&] { (void)ring_->config("redis.default"); }).code(),
              ErrorCode::invalid_input);
    for (std::size_t i = 0; i <= most_group_files; ++i)
        hear_of_file(1, "file" + std::to_string(i), "");
    EXPECT_EQ(ring_->files("redis.default").size(), most_group_files);
    const auto more = refusal([&] { ring_->put_file({"redis.default", 1, "more", "", false}); });
    EXPECT_THAT(more.message(), HasSubstr("has 1024 files already"));
    ring_->put_file({"redis.default", 2, "large", "small", false});
    EXPECT_EQ(ring_->file_body("redis.default", "large"), "small");
}

TEST_F(Membership, AVersionThatNobodyCouldShowIsRefused) {
    const std::uint64_t above = most_ring_version + 1;
    const auto error = refusal([&] { ring_->apply_config({"redis.default", above, "", false}); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("is above the largest one, 9223372036854775807"));
    EXPECT_EQ(refusal([&] { ring_->put_file({"redis.default", above, "a", "", false}); }).code(),
              ErrorCode::invalid_input);
    hear_of_config(above, "x = 1\n");
    EXPECT_THAT(ring_->status_json(), HasSubstr("\"config_version\": 9223372036854775807"));
}

TEST_F(Membership, WhoIsSentAwayStopsAndDoesNotComeBack) {
    ring_->depart(system_.member_id);
    settle();
    EXPECT_TRUE(departed_);
    ring_.reset();
    const auto error = refusal([&] { open(); });
    EXPECT_EQ(error.code(), ErrorCode::denied);
    EXPECT_THAT(error.message(), HasSubstr("was sent away from its ring for good"));
    EXPECT_THAT(error.hint(), HasSubstr("MEMBER_ID"));
}

TEST(RingSettings, PeersAreAddressesOrNames) {
    EXPECT_EQ(peer_address("10.0.0.1").to_string(), "10.0.0.1:9638");
    EXPECT_EQ(peer_address("[fd00::1]:7").to_string(), "[fd00::1]:7");
    EXPECT_EQ(peer_address("localhost:9").port, 9);
    EXPECT_THROW((void)peer_address("10.0.0.1:0"), Error);
    EXPECT_THROW((void)peer_address("unix:/run/x"), Error);
    std::vector<std::string> problems;
    const auto peers = peers_in("# ours\n10.0.0.1\n\n 10.0.0.2:5 # two\n10.0.0.3:x\n", problems);
    EXPECT_EQ(peers.size(), 2u);
    EXPECT_EQ(problems.size(), 1u);
}

TEST(RingSettings, TheNewestKeySealsAndTheOneBeforeItOpens) {
    TempDir dir;
    const crypto::KeyCache keys(dir.path());
    const auto key = [](const char* revision) {
        return crypto::RingKey(crypto::KeyName{"prod", revision},
                               crypto::SecretBytes(Bytes(32, std::byte{revision[13] == '1'})));
    };
    RingSettings settings;
    EXPECT_FALSE(seal_of(settings, keys).keyed());
    settings.ring = "prod";
    EXPECT_THROW((void)seal_of(settings, keys), Error);
    keys.store(key("20260101000000"));
    keys.store(key("20260101000001"));
    const auto alone = [&key](const char* revision) {
        std::vector<crypto::RingKey> one;
        one.push_back(key(revision));
        return ring::Seal(std::move(one));
    };
    std::string before, after, scratch;
    std::string_view payload;
    alone("20260101000000").wrap("x", before);
    const auto seal = seal_of(settings, keys);
    EXPECT_EQ(seal.open(before, scratch, payload), ring::Refusal::none);
    seal.wrap("y", after);
    EXPECT_EQ(alone("20260101000001").open(after, scratch, payload), ring::Refusal::none);
    settings.ring = "prod-20260101000000";
    after.clear();
    seal_of(settings, keys).wrap("z", after);
    EXPECT_EQ(alone("20260101000000").open(after, scratch, payload), ring::Refusal::none);
}

}  // namespace
}  // namespace hab::supervisor
