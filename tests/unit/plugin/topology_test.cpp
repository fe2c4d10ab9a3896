// SPDX-License-Identifier: Apache-2.0
#include "plugin/topology.hpp"

#include <gmock/gmock.h>
#include <hab/plugin.h>

#include "fixtures.hpp"
#include "plugin/topology_abi.hpp"

namespace hab::plugin::test {
namespace {

TopologyInput input() {
    TopologyInput in;
    in.now_ms = 500;
    in.state = "s";
    in.service.flags = HAB_SERVICE_DESIRED_UP | HAB_SERVICE_BINDS_READY;
    in.service.group = "redis.default";
    in.members = {{.id = "a", .health = HAB_MEMBER_ALIVE},
                  {.id = "b", .health = HAB_MEMBER_ALIVE, .flags = HAB_MEMBER_ME}};
    in.hooks = {{.name = "init", .exit_code = 3, .runs = 1}};
    in.responses = {{.id = 77, .http_status = 200, .body = "{}"}};
    in.fencing_term = 9;
    return in;
}

class TopologyPlugin : public ::testing::Test {
protected:
    TopologyPlugin()
        : registry_((dir_.add("good"), Catalogue::discover(dir_.plan())), no_services()),
          topology_(registry_.topology("mirror")) {}
    PluginDir dir_;
    Registry registry_;
    Topology topology_;
};

TEST_F(TopologyPlugin, InputArrivesAndDecisionsReturn) {
    TopologyOutput expected;
    expected.state = "sx";
    expected.actions = {{HAB_ACTION_START, "redis.default"}};
    expected.role = TopologyOutput::Role{HAB_ROLE_LEADER, 4};
    expected.wait = TopologyOutput::Wait{"init failed", 1500};
    expected.elections = {{HAB_ELECTION_LEADER, 77, 9}};
    expected.requests = {{5, "GET", "http://etcd/health", "", 5000}};
    EXPECT_EQ(topology_.step(input()), expected);
    EXPECT_EQ(topology_.min_members(), 3u);
    EXPECT_EQ(topology_.describe("s"), R"({"state":"s"})");
}

TEST_F(TopologyPlugin, SameInputSameOutput) {
    EXPECT_EQ(topology_.step(input()), topology_.step(input()));
}

TEST_F(TopologyPlugin, FailuresBecomeErrors) {
    auto in = input();
    in.state = "fail";
    EXPECT_EQ(error_of([&] { (void)topology_.step(in); }).message(),
              "topology mirror: told to fail");
}

TEST(TopologyDecisions, NonsenseIsRefused) {
    TopologyOutput output;
    const RawTopologyOutput raw(output);
    const auto* out = raw.get();
    EXPECT_EQ(out->act(out->ctx, 0, {}), HAB_STATUS_UNSUPPORTED);
    EXPECT_EQ(out->act(out->ctx, 99, {}), HAB_STATUS_UNSUPPORTED);
    EXPECT_EQ(out->set_role(out->ctx, 9, 1), HAB_STATUS_UNSUPPORTED);
    EXPECT_EQ(out->elect(out->ctx, 0, 1, 1), HAB_STATUS_UNSUPPORTED);
    EXPECT_EQ(out->request(out->ctx, nullptr), HAB_STATUS_USAGE);
    const std::string huge((64u << 10) + 1, 'x');
    EXPECT_EQ(out->set_state(out->ctx, to_abi(huge)), HAB_STATUS_USAGE);
    EXPECT_EQ(output, TopologyOutput{});
}

TEST(TopologyDecisions, AreBounded) {
    TopologyOutput output;
    const RawTopologyOutput raw(output);
    const auto* out = raw.get();
    hab_status status = HAB_STATUS_OK;
    for (int i = 0; i < 2000 && status == HAB_STATUS_OK; ++i) {
        status = out->act(out->ctx, HAB_ACTION_STOP, {});
    }
    EXPECT_EQ(status, HAB_STATUS_FAILED);
    EXPECT_EQ(output.actions.size(), 1000u);
}

}  // namespace
}  // namespace hab::plugin::test
