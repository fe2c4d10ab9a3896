// SPDX-License-Identifier: Apache-2.0
// The topology "standalone" through its ABI, driven by a real state machine: its table is linked in
// here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hab/plugin.h>

#include "plugin/registry.hpp"
#include "supervisor/topology_driver.hpp"

namespace hab::supervisor {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;

class Standalone : public ::testing::Test {
protected:
    Standalone() {
        registry.add_static(*hab_plugin_entry_v1());
        driver.emplace(registry.topology("standalone"));
        MachineSettings settings;
        settings.hooks = {Hook::reconfigure};
        settings.backoff = {seconds(1), seconds(60), false};
        machine.emplace(settings, entropy);
        view.group = "tide.default";
        view.member_id = "m";
        view.desired_up = true;
        view.binds_ready = true;
    }
    plugin::TopologyOutput step() { return driver->step(*machine, view, now); }
    std::vector<std::uint32_t> actions() {
        std::vector<std::uint32_t> out;
        for (const auto& action : step().actions)
            out.push_back(action.action);
        return out;
    }
    void bring_up() {
        (void)machine->start("test");
        (void)machine->process_started(7, now);
    }
    SeededEntropy entropy{1};
    plugin::Registry registry{plugin::Catalogue{}, plugin::no_services()};
    std::optional<TopologyDriver> driver;
    std::optional<ServiceMachine> machine;
    TopologyView view;
    SteadyTime now = SteadyTime{} + seconds(100);
};

TEST_F(Standalone, StartsWhatIsWanted) {
    EXPECT_THAT(actions(), ::testing::ElementsAre(HAB_ACTION_START));
    view.desired_up = false;
    EXPECT_THAT(actions(), IsEmpty());
}

TEST_F(Standalone, WaitsForBindsAndSaysSo) {
    view.binds_ready = false;
    const auto output = step();
    EXPECT_THAT(output.actions, IsEmpty());
    ASSERT_TRUE(output.wait);
    EXPECT_EQ(output.wait->reason, "Waiting for service binds...");
    EXPECT_EQ(output.wait->until_ms, 0u);
}

TEST_F(Standalone, WaitsOutABackoffExactly) {
    bring_up();
    (void)machine->process_exited({1, 0}, now);
    const auto output = step();
    EXPECT_THAT(output.actions, IsEmpty());
    ASSERT_TRUE(output.wait);
    EXPECT_EQ(output.wait->until_ms, topology_ms(now + seconds(1)));
    now += seconds(1);
    EXPECT_THAT(actions(), ::testing::ElementsAre(HAB_ACTION_START));
}

TEST_F(Standalone, StopsWhatIsNotWantedOnce) {
    bring_up();
    EXPECT_THAT(actions(), IsEmpty());
    view.shutting_down = true;
    EXPECT_THAT(actions(), ::testing::ElementsAre(HAB_ACTION_STOP));
    (void)machine->stop("test", now);
    EXPECT_THAT(actions(), IsEmpty()) << "it is stopping already";
}

TEST_F(Standalone, BringsChangesInAsGentlyAsPossible) {
    bring_up();
    (void)machine->files_changed({.config = true, .start_hooks = false, .reconfigure_hook = false});
    EXPECT_THAT(actions(), ::testing::ElementsAre(HAB_ACTION_RECONFIGURE));
    (void)machine->files_changed({.config = false, .start_hooks = true, .reconfigure_hook = false});
    EXPECT_THAT(actions(), ::testing::ElementsAre(HAB_ACTION_RESTART));
}

TEST_F(Standalone, TheSameInputGivesTheSameOutput) {
    bring_up();
    EXPECT_EQ(step(), step());
}

}  // namespace
}  // namespace hab::supervisor
