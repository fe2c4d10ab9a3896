// SPDX-License-Identifier: Apache-2.0
// Members that die, come back, leave and are sent away.
#include <signal.h>

#include "base/json.hpp"
#include "ring_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

TEST_F(RingOfSupervisors, AKilledSupervisorIsTakenOverAndAKilledHostIsMissedAndComesBack) {
    start(0);
    start(1);
    start(2);
    ASSERT_TRUE(becomes(0, 1, "alive"));
    ASSERT_TRUE(becomes(2, 1, "alive"));
    const std::string id = member_id(1);
    // The launcher starts another one, which is the same member.
    const pid_t old = supervisor_pid(1);
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] {
        const pid_t now = supervisor_pid(1);
        return now != 0 && now != old && health(1, 0) == "alive";
    })) << log(1);

    kill_host(1);
    ASSERT_EQ(hab(0, {"config", "apply", "db.default", "9"}, "x = 1\n").exit_code, 0);
    ASSERT_TRUE(becomes(0, 1, "confirmed"));
    // What its disk remembers is old: it must not matter.
    start(1);
    EXPECT_EQ(member_id(1), id);
    ASSERT_TRUE(becomes(0, 1, "alive"));
    ASSERT_TRUE(becomes(2, 1, "alive"));
    EXPECT_TRUE(eventually([&] {
        return to_json(ring(1)).find("\"config_version\":9") != std::string::npos;
    })) << to_json(ring(1));
}

TEST_F(RingOfSupervisors, WhoStopsInOrderHasDepartedAndComesBack) {
    start(0, {"--permanent-peer"});
    start(1);
    ASSERT_TRUE(becomes(0, 1, "alive"));
    ASSERT_EQ(::kill(sups_[1]->pid(), SIGTERM), 0);
    ASSERT_EQ(sups_[1]->wait(), 0) << log(1);
    EXPECT_TRUE(becomes(0, 1, "departed"));
    start(1);
    EXPECT_TRUE(becomes(0, 1, "alive"));
    const auto shown = hab(1, {"ring", "status"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr(member_id(0)));
    EXPECT_THAT(shown.out, HasSubstr("192.168.33.11:9638"));
    EXPECT_THAT(shown.err, HasSubstr("This ring has no key"));
}

TEST_F(RingOfSupervisors, AMemberThatIsSentAwayStopsForGood) {
    start(0);
    start(1);
    ASSERT_TRUE(becomes(0, 1, "alive"));
    const auto unknown = hab(0, {"sup", "depart", std::string(32, 'a')});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("the ring has no member"));
    ASSERT_EQ(hab(0, {"sup", "depart", member_id(1)}).exit_code, 0);
    EXPECT_EQ(sups_[1]->wait(), 86) << log(1);
    EXPECT_TRUE(becomes(0, 1, "departed"));
    // Nor does it start again, until it is made another member.
    sups_[1] = std::make_unique<Background>(hosts_->on(
        1, {program("libexec/hab/hab-launch").string(), "run", "--peer", Hosts::address(0)}));
    EXPECT_EQ(sups_[1]->wait(), 86);
    EXPECT_THAT(log(1), HasSubstr("was sent away from its ring for good"));
}

TEST_F(RingOfSupervisors, ThePeersOfAWatchedFileAreJoinedWhenTheyComeIntoIt) {
    start(0);
    write_text(hab_of(2) / "peers", "# nobody yet\n");
    std::vector<std::string> words{program("libexec/hab/hab-launch").string(),
                                   "run",
                                   "--listen-http",
                                   "127.0.0.1:0",
                                   "--peer-watch-file",
                                   "/hab/peers"};
    sups_[2] = std::make_unique<Background>(hosts_->on(2, words));
    ASSERT_TRUE(logged(2, "Starting gossip-listener on 0.0.0.0:9638"));
    EXPECT_EQ(health(2, 0), "");
    write_text(hab_of(2) / "peers", "not an address at all:x\n192.168.33.11\n");
    EXPECT_TRUE(becomes(2, 0, "alive"));
    EXPECT_TRUE(logged(2, "invalid address 'not an address at all:x'"));
}

}  // namespace
}  // namespace hab::test
