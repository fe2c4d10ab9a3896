// SPDX-License-Identifier: Apache-2.0
// Against a tree of plain files, which shows what is written where; version 2 has no other test. The
// kernel's groups are in tests/integration/supervisor/limits_test.cpp.
#include "supervisor/control_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::supervisor {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ControlGroupsTest : public ::testing::Test {
protected:
    /// What the kernel makes with a directory.
    void group(const fs::path& dir, const std::vector<std::string>& files) const {
        make_directories(mount() / dir);
        for (const auto& file : files)
            write_file_atomic(mount() / dir / file, "");
    }
    [[nodiscard]] fs::path mount() const { return dir_.path() / "cgroup"; }
    [[nodiscard]] std::string content(const fs::path& file) const {
        return read_file(mount() / file);
    }
    [[nodiscard]] ControlGroups groups(const std::string& membership) const {
        return ControlGroups({mount(), membership}, "id", dir_.path() / "record");
    }
    static package::ServiceLimits limits(std::optional<std::uint64_t> memory,
                                         std::optional<std::uint64_t> cpu) {
        package::ServiceLimits out;
        out.memory = memory;
        out.cpu = cpu;
        return out;
    }
    TempDir dir_;
};

constexpr const char* unified = "0::/system.slice/hab.service\n";
const fs::path unit = "system.slice/hab.service";

TEST_F(ControlGroupsTest, Version2HandsControllersDownAndWritesItsOwnNames) {
    group(unit, {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id", {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id/svc-tide", {"cgroup.procs", "memory.max", "cpu.max"});
    auto control = groups(unified);
    const auto prepared = control.prepare("tide", limits(32u << 20, 150));
    EXPECT_THAT(prepared.not_enforced, IsEmpty());
    EXPECT_THAT(prepared.procs,
                ElementsAre((mount() / unit / "hab-id/svc-tide/cgroup.procs").string()));
    EXPECT_EQ(content(unit / "hab-id/svc-tide/memory.max"), "33554432");
    EXPECT_EQ(content(unit / "hab-id/svc-tide/cpu.max"), "150000 100000");
    EXPECT_THAT(content(unit / "cgroup.subtree_control"), HasSubstr("+cpu"));
    EXPECT_THAT(content(unit / "hab-id/cgroup.subtree_control"), HasSubstr("+cpu"));
}

TEST_F(ControlGroupsTest, Version2LiftsALimitThatIsNotWantedAnyMore) {
    group(unit / "hab-id/svc-tide", {"cgroup.procs", "memory.max", "cpu.max"});
    auto control = groups(unified);
    EXPECT_THAT(control.prepare("tide", {}).not_enforced, IsEmpty());
    EXPECT_EQ(content(unit / "hab-id/svc-tide/memory.max"), "") << "nobody set a limit";
    write_file_atomic(dir_.path() / "record", (mount() / unit / "hab-id").string() + "\n");
    EXPECT_THAT(control.prepare("tide", {}).not_enforced, IsEmpty());
    EXPECT_EQ(content(unit / "hab-id/svc-tide/memory.max"), "max");
}

TEST_F(ControlGroupsTest, Version2CountsWhatTheKernelKilled) {
    group(unit, {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id", {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id/svc-tide", {"cgroup.procs", "memory.max"});
    auto control = groups(unified);
    (void)control.prepare("tide", limits(32u << 20, {}));
    EXPECT_EQ(control.oom_kills("tide"), 0u);
    write_file_atomic(mount() / unit / "hab-id/svc-tide/memory.events",
                      "low 0\noom 2\noom_kill 2\n");
    EXPECT_EQ(control.oom_kills("tide"), 2u);
    EXPECT_EQ(control.oom_kills("wave"), 0u);
}

TEST_F(ControlGroupsTest, ASupervisorInItsLeafFindsTheGroupAbove) {
    group(unit / "hab-supervisor", {"cgroup.procs"});
    group(unit, {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id", {"cgroup.procs", "cgroup.subtree_control"});
    group(unit / "hab-id/svc-tide", {"cgroup.procs", "memory.max"});
    auto control = groups("0::/system.slice/hab.service/hab-supervisor\n");
    EXPECT_THAT(control.prepare("tide", limits(32u << 20, {})).not_enforced, IsEmpty());
    EXPECT_EQ(content(unit / "hab-id/svc-tide/memory.max"), "33554432");
}

TEST_F(ControlGroupsTest, Version1FindsEachControllerInItsOwnTree) {
    group("memory/a/hab-id/svc-tide", {"cgroup.procs", "memory.limit_in_bytes"});
    group("cpu,cpuacct/b/hab-id/svc-tide", {"cgroup.procs", "cpu.cfs_quota_us"});
    auto control = groups("4:memory:/a\n3:cpu,cpuacct:/b\n");
    const auto prepared = control.prepare("tide", limits(1u << 20, 50));
    EXPECT_THAT(prepared.not_enforced, IsEmpty());
    EXPECT_EQ(prepared.procs.size(), 2u);
    EXPECT_EQ(content("memory/a/hab-id/svc-tide/memory.limit_in_bytes"), "1048576");
    EXPECT_EQ(content("cpu,cpuacct/b/hab-id/svc-tide/cpu.cfs_quota_us"), "50000");
}

TEST_F(ControlGroupsTest, InAContainerTheMountIsItsOwnGroup) {
    group("memory/hab-id/svc-tide", {"cgroup.procs", "memory.limit_in_bytes"});
    auto control = groups("4:memory:/docker/0123\n");
    EXPECT_THAT(control.prepare("tide", limits(1u << 20, {})).not_enforced, IsEmpty());
    EXPECT_EQ(content("memory/hab-id/svc-tide/memory.limit_in_bytes"), "1048576");
}

TEST_F(ControlGroupsTest, TellsWhatCannotBeEnforced) {
    auto none = groups("1:name=systemd:/\n");
    EXPECT_THAT(none.prepare("tide", limits(1u << 20, {})).not_enforced,
                ElementsAre("the memory limit of 1M is not enforced: this machine has no control "
                            "groups for memory"));
    EXPECT_THAT(none.prepare("tide", {}).not_enforced, IsEmpty());
    auto absent = groups(unified);
    EXPECT_THAT(absent.prepare("tide", limits({}, 50)).not_enforced,
                ElementsAre(HasSubstr("the cpu limit of 50% is not enforced: cannot ")));
}

TEST_F(ControlGroupsTest, RemovesOnlyDirectoriesOfItsName) {
    const fs::path own = mount() / "memory/hab-id", other = mount() / "memory/hab-other";
    make_directories(own / "svc-tide");
    make_directories(own / "svc-wave");
    make_directories(other / "svc-tide");
    write_file_atomic(dir_.path() / "record",
                      own.string() + "\n" + other.string() + "\nhab-id\n\n");
    auto control = groups(unified);
    control.remove_all_but({"wave"});
    EXPECT_FALSE(fs::exists(own / "svc-tide"));
    EXPECT_TRUE(fs::exists(own / "svc-wave"));
    EXPECT_TRUE(fs::exists(other / "svc-tide"));
    EXPECT_TRUE(control.remove("wave"));
    EXPECT_FALSE(fs::exists(own)) << "the last one takes it along";
}

}  // namespace
}  // namespace hab::supervisor
