// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/run.hpp"
#include "support/world.hpp"

namespace hab::sandbox {
namespace {

constexpr std::string_view hybrid = "5:cpu,cpuacct:/a\n4:memory:/job/1\n0::/user.slice/x\n";

TEST(OwnGroup, FindsVersionOneByController) {
    bool is_v2 = true;
    EXPECT_EQ(own_group(hybrid, "memory", "/cg", is_v2), "/cg/memory/job/1");
    EXPECT_FALSE(is_v2);
    EXPECT_EQ(own_group(hybrid, "cpu", "/cg", is_v2), "/cg/cpu,cpuacct/a");
}

TEST(OwnGroup, FallsBackToVersionTwo) {
    bool is_v2 = false;
    EXPECT_EQ(own_group(hybrid, "pids", "/cg", is_v2), "/cg/user.slice/x");
    EXPECT_TRUE(is_v2);
    EXPECT_TRUE(own_group("garbage\n", "pids", "/cg", is_v2).empty());
}

bool can_limit(std::string_view controller) {
    bool is_v2 = false;
    const fs::path own =
        own_group(read_file("/proc/self/cgroup"), controller, "/sys/fs/cgroup", is_v2);
    return !is_v2 && ::access(own.c_str(), W_OK) == 0;
}

Spec shell(std::string script) {
    Spec spec;
    spec.argv = {"/bin/sh", "-c", std::move(script)};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    return spec;
}

TEST(Limits, MemoryOfEverythingInside) {
    HAB_REQUIRE(can_limit("memory"), "needs a memory controller that we may use");
    Spec spec = shell("head -c 200000000 /dev/zero | tail -c 200000000 | wc -c");
    spec.limits.memory_bytes = 32 << 20;
    const Captured done = run_captured(spec);
    EXPECT_TRUE(done.result.status.out_of_memory);
    EXPECT_NE(done.out, "200000000\n");
}

TEST(Limits, Processes) {
    HAB_REQUIRE(can_limit("pids"), "needs a pids controller that we may use");
    Spec spec = shell("sleep 5 & sleep 5 & sleep 5 & sleep 5 & echo all-started");
    spec.limits.pids = 3;
    const Captured done = run_captured(spec);
    EXPECT_THAT(done.out, ::testing::Not(::testing::HasSubstr("all-started")));
    EXPECT_THAT(done.err, ::testing::HasSubstr("ork"));  // "Cannot fork"
}

TEST(Limits, GroupsAreRemovedAfterwards) {
    HAB_REQUIRE(can_limit("pids"), "needs a pids controller that we may use");
    bool is_v2 = false;
    const fs::path own = own_group(read_file("/proc/self/cgroup"), "pids", "/sys/fs/cgroup", is_v2);
    Spec spec = shell("exit 0");
    spec.limits.pids = 10;
    EXPECT_TRUE(run_captured(spec).result.status.ok());
    const std::string mine = "hab-" + std::to_string(::getpid()) + "-";
    for (const auto& entry : fs::directory_iterator(own)) {
        EXPECT_FALSE(entry.path().filename().string().starts_with(mine)) << entry.path();
    }
}

}  // namespace
}  // namespace hab::sandbox
