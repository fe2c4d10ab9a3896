// SPDX-License-Identifier: Apache-2.0
#include "sandbox/mount_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sched.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "support/world.hpp"

namespace hab::sandbox {
namespace {

using ::testing::ElementsAre;

TEST(MountTable, ReadsMountPointsAndUndoesEscapes) {
    EXPECT_THAT(parse_mountinfo("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                                "30 22 0:5 / /a\\040b\\134c rw shared:1 - tmpfs tmpfs rw\n"
                                "garbage\n"),
                ElementsAre(fs::path("/"), fs::path("/a b\\c")));
}

TEST(MountTable, KnowsTheRoot) {
    EXPECT_THAT(mount_points(), ::testing::Contains(fs::path("/")));
}

TEST(RemoveTree, MissingIsFine) {
    const TempDir dir;
    EXPECT_NO_THROW(remove_tree_unmounted(dir.path() / "nothing"));
}

TEST(RemoveTree, FollowsNoLinks) {
    const TempDir victim;
    write_file_atomic(victim.path() / "precious", "x");
    TempDir dir;
    fs::create_directory_symlink(victim.path(), dir.path() / "link");
    remove_tree_unmounted(dir.path());
    EXPECT_TRUE(fs::exists(victim.path() / "precious"));
    EXPECT_FALSE(fs::exists(dir.path()));
}

/// In a process with its own mounts: 0 if the tree was refused as a whole, siblings with the same
/// prefix were not taken for parts of it, and the mounted data survived.
int with_mount(const fs::path& dir, const fs::path& victim) {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        return 2;
    }
    fs::create_directories(dir / "a" / "inner");
    fs::create_directories(dir / "a-b");
    write_file_atomic(dir / "a" / "aaa", "x");
    if (::mount(victim.c_str(), (dir / "a" / "inner").c_str(), nullptr, MS_BIND, nullptr) != 0)
        return 3;
    if (!mounts_below(dir / "a-b").empty()) return 4;
    try {
        remove_tree_unmounted(dir / "a");
        return 5;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict) return 6;
    }
    if (!fs::exists(dir / "a" / "aaa")) return 7;  // nothing at all was removed
    return fs::exists(victim / "precious") ? 0 : 8;
}

TEST(RemoveTree, RefusesAsAWholeWhileSomethingIsMountedBelow) {
    HAB_REQUIRE(::geteuid() == 0, "mounting needs root");
    const TempDir victim;
    write_file_atomic(victim.path() / "precious", "x");
    const TempDir dir;
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) ::_exit(with_mount(dir.path(), victim.path()));
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hab::sandbox
