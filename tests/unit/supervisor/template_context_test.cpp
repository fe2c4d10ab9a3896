// SPDX-License-Identifier: Apache-2.0
#include "supervisor/template_context.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "supervisor/service_package.hpp"

namespace hab::supervisor {
namespace {

class TemplateContext : public ::testing::Test {
protected:
    TemplateContext() {
        system.version = "0.1.0";
        system.member_id = "0123456789abcdef0123456789abcdef";
        system.ip = "192.0.2.7";
        system.hostname = "web1";
        system.http_gateway_ip = "0.0.0.0";
        system.http_gateway_port = 9631;
        package.ident = "core/redis/3.2.4/20260101000000";
        package.origin = "core";
        package.name = "redis";
        package.dependencies = {"core/glibc/2.36/20260101000000"};
        package.exposes = {"6379"};
        package.exports = {{"port", "server.port"}, {"absent", "server.nothing"}};
        package.path = "/hab/pkgs/core/redis/3.2.4/20260101000000";
        cfg = parse_json(R"({"server":{"port":6379}})", "cfg");
        context = template_context({system, package, {"redis", "default", ""}, cfg, binds});
    }
    std::string text(std::string_view path) const {
        const Value* value = context.at_path(path);
        return value == nullptr ? "(missing)" : to_json(*value);
    }
    SystemState system;
    PackageState package;
    Value cfg;
    std::vector<std::string> binds{"database"};
    Value context;
};

TEST_F(TemplateContext, HasTodaysNames) {
    EXPECT_EQ(text("sys.ip"), "\"192.0.2.7\"");
    EXPECT_EQ(text("sys.http_gateway_port"), "9631");
    EXPECT_EQ(text("pkg.path"), "\"/hab/pkgs/core/redis/3.2.4/20260101000000\"");
    EXPECT_EQ(text("pkg.deps"),
              R"([{"origin":"core","name":"glibc","version":"2.36","release":"20260101000000"}])");
    EXPECT_EQ(text("cfg.server.port"), "6379");
    EXPECT_EQ(text("svc.service"), "\"redis\"");
    EXPECT_EQ(text("svc.org"), "null");
    EXPECT_EQ(text("svc.leader"), "null");
    EXPECT_EQ(text("svc.election_is_running"), "false");
    EXPECT_EQ(text("svc.me.cfg"), "{\"port\":6379}")
        << "exports whose value is missing are left out";
    EXPECT_EQ(text("svc.me.sys.ip"), "\"192.0.2.7\"");
    EXPECT_EQ(text("svc.first.member_id"), text("sys.member_id"));
    EXPECT_EQ(context.at_path("svc.members")->as_array()->size(), 1u);
    EXPECT_EQ(text("bind.database"), "(missing)");
}

TEST_F(TemplateContext, HasTheNamesOf2016) {
    EXPECT_EQ(text("hab.version"), "\"0.1.0\"");
    EXPECT_EQ(text("sys.sidecar_port"), "9631");
    EXPECT_EQ(text("svc.ident"), "\"redis.default\"");
    EXPECT_EQ(text("svc.me.ip"), "\"192.0.2.7\"");
    EXPECT_EQ(text("svc.me.port"), "\"6379\"");
    EXPECT_EQ(text("bind.has_database"), "false");
}

TEST(SignalNumber, KnowsNamesAndNumbers) {
    EXPECT_EQ(signal_number("TERM"), 15);
    EXPECT_EQ(signal_number("SIGQUIT"), 3);
    EXPECT_EQ(signal_number("9"), 9);
    EXPECT_THROW((void)signal_number("STOPIT"), Error);
    EXPECT_THROW((void)signal_number("0"), Error);
}

TEST_F(TemplateContext, AChangeOfCfgTouchesCfgAndWhatIsExportedOfIt) {
    const std::vector<std::string> changed{"/server/port", "/other"};
    const auto parts =
        config_changes({system, package, {"redis", "default", ""}, cfg, binds}, changed);
    ASSERT_EQ(parts.size(), 5u);
    EXPECT_EQ(parts[0].pointer, "/cfg");
    EXPECT_EQ(parts[0].changed, (std::vector<std::string>{"/cfg/server/port", "/cfg/other"}));
    EXPECT_EQ(parts[1].pointer, "/svc/me/cfg");
    EXPECT_EQ(parts[1].changed, std::vector<std::string>{"/svc/me/cfg/port"});
    EXPECT_EQ(to_json(parts[1].part), "{\"port\":6379}");
    EXPECT_EQ(parts[2].pointer, "/svc/members/0/cfg");
    const std::vector<std::string> unexported{"/other"};
    EXPECT_EQ(
        config_changes({system, package, {"redis", "default", ""}, cfg, binds}, unexported).size(),
        1u);
}

class ContextInARing : public TemplateContext {
protected:
    static RingMember member(const std::string& id, const std::string& ip, ring::Health health) {
        RingMember one;
        one.id = id;
        one.ip = ip;
        one.health = health;
        one.ident = "core/redis/3.2.4/20260101000000";
        one.config = parse_json(R"({"port":1})", "exports");
        return one;
    }
    ContextInput input(std::vector<RingMember> others, const std::string& leader = {}) {
        auto group = std::make_shared<RingGroup>();
        group->name = "redis.default";
        group->members = std::move(others);
        RingMember me = member(system.member_id, system.ip, ring::Health::alive);
        me.is_me = true;
        group->members.push_back(std::move(me));
        std::sort(group->members.begin(), group->members.end(),
                  [](const RingMember& a, const RingMember& b) { return a.id < b.id; });
        if (!leader.empty()) group->election = {ElectionState::finished, leader, 3};
        auto seen = std::make_shared<RingContext>();
        seen->group = group;
        return {system, package, {"redis", "default", ""}, cfg, binds, seen};
    }
    void look(const ContextInput& at) { context = template_context(at); }
};

TEST_F(ContextInARing, ListsMembersThatMayAnswerAndKeepsTheDeadFor2016) {
    look(input({member("-a", "10.0.0.1", ring::Health::suspect),
                member("zz", "10.0.0.2", ring::Health::confirmed)}));
    EXPECT_EQ(context.at_path("svc.members")->as_array()->size(), 2u);
    EXPECT_EQ(context.at_path("svc.all")->as_array()->size(), 3u);
    EXPECT_EQ(text("svc.first.sys.ip"), "\"10.0.0.1\"") << "sorted by id";
    EXPECT_EQ(text("svc.first.suspect"), "true");
    EXPECT_EQ(text("svc.first.cfg.port"), "1");
    EXPECT_EQ(text("svc.me.cfg.port"), "6379") << "one's own, not what the ring was told of it";
}

TEST_F(ContextInARing, SaysWhoLeads) {
    look(input({member("0a", "10.0.0.1", ring::Health::alive)}, "0a"));
    EXPECT_EQ(text("svc.leader.ip"), "\"10.0.0.1\"");
    EXPECT_EQ(text("svc.leader.leader"), "true");
    EXPECT_EQ(text("svc.me.follower"), "true");
    EXPECT_EQ(text("svc.election_finished"), "true");
    EXPECT_EQ(text("svc.election_is_running"), "false");
}

TEST_F(ContextInARing, ABindIsThereWhileItsGroupIsActive) {
    auto seen = std::make_shared<RingContext>();
    auto group = std::make_shared<RingGroup>();
    group->name = "postgresql.prod@acme";
    group->members = {member("0a", "10.0.0.1", ring::Health::alive)};
    group->members[0].ident = "not an ident";
    seen->binds.push_back({"database", group});
    look({system, package, {"redis", "default", ""}, cfg, binds, seen});
    EXPECT_EQ(text("bind.has_database"), "true");
    EXPECT_EQ(text("bind.database.first.ip"), "\"10.0.0.1\"");
    EXPECT_EQ(text("bind.database.first.port"), "1");
    EXPECT_EQ(text("bind.database.first.org"), "\"acme\"");
    EXPECT_EQ(text("bind.database.first.pkg.name"), "\"\"");
}

TEST_F(ContextInARing, AChangeNamesWhatTemplatesMayHaveRead) {
    const auto before = input({member("0a", "10.0.0.1", ring::Health::alive)});
    EXPECT_TRUE(ring_changes(before, before).empty());
    const auto parts = ring_changes(before, input({}));
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].pointer, "/svc");
    const auto& changed = parts[0].changed;
    EXPECT_NE(std::find(changed.begin(), changed.end(), "/svc/members"), changed.end());
    EXPECT_EQ(std::find(changed.begin(), changed.end(), "/svc/me"), changed.end());
}

TEST_F(ContextInARing, AChangeOfCfgKnowsThePlacesOfThisMember) {
    const std::vector<std::string> changed{"/server/port"};
    std::vector<std::string> pointers;
    for (const auto& part :
         config_changes(input({member("0a", "10.0.0.1", ring::Health::alive)}), changed))
        pointers.push_back(part.pointer);
    // Its id sorts behind that of the other, which is also the first.
    const bool behind = system.member_id > "0a";
    EXPECT_EQ(pointers.size(), behind ? 4u : 5u);
    EXPECT_EQ(pointers[2], behind ? "/svc/members/1/cfg" : "/svc/members/0/cfg");
}

}  // namespace
}  // namespace hab::supervisor
