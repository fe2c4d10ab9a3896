// SPDX-License-Identifier: Apache-2.0
#include "package/removal.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <atomic>
#include <thread>

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

const Ident one = ident("acme/lib/1/20260101000000");
const Ident newer = ident("acme/lib/1/20260202000000");

class RemovalTest : public PackageTest {
protected:
    [[nodiscard]] fs::path version_dir() const { return store_.dir_of(one).parent_path(); }
};

TEST_F(RemovalTest, TakesTheTreeAndEmptyParents) {
    install_tree(one);
    EXPECT_TRUE(remove_package(store_, one));
    EXPECT_TRUE(store_is_empty());
    EXPECT_TRUE(fs::exists(store_.paths().pkgs()));
    EXPECT_FALSE(remove_package(store_, one));
}

TEST_F(RemovalTest, LeavesOtherReleasesAlone) {
    install_tree(one);
    install_tree(newer);
    EXPECT_TRUE(remove_package(store_, one));
    EXPECT_FALSE(store_.has(one));
    EXPECT_TRUE(store_.has(newer));
}

TEST_F(RemovalTest, FollowsNoLinkOutOfTheTree) {
    const fs::path outside = dir_.path() / "outside";
    fs::create_directories(outside);
    write_file_atomic(outside / "precious", "x");
    fs::create_directory_symlink(outside, install_tree(one) / "link");
    EXPECT_TRUE(remove_package(store_, one));
    EXPECT_TRUE(fs::exists(outside / "precious"));
}

TEST_F(RemovalTest, SweepTakesWhatDeadProcessesLeft) {
    install_tree(newer);
    fs::create_directories(version_dir() / ".hab-pkg-removed-20260101000000-dead" / "bin");
    fs::create_directories(version_dir() / ".hab-pkg-install-20260101000000-dead" / "bin");
    fs::create_directories(store_.paths().pkgs() / "acme" / "void" / "1");
    fs::create_directories(store_.paths().pkgs() / "acme" / "name");
    fs::create_directories(store_.paths().pkgs() / "origin");
    EXPECT_EQ(sweep_leavings(store_), 2u);
    EXPECT_FALSE(fs::exists(version_dir() / ".hab-pkg-removed-20260101000000-dead"));
    EXPECT_FALSE(fs::exists(version_dir() / ".hab-pkg-install-20260101000000-dead"));
    EXPECT_FALSE(fs::exists(store_.paths().pkgs() / "acme" / "void"));
    EXPECT_FALSE(fs::exists(store_.paths().pkgs() / "acme" / "name"));
    EXPECT_FALSE(fs::exists(store_.paths().pkgs() / "origin"));
    EXPECT_TRUE(store_.has(newer));
}

TEST_F(RemovalTest, SweepLeavesWorkInProgress) {
    const fs::path busy = version_dir() / ".hab-pkg-removed-20260101000000-busy";
    fs::create_directories(busy);
    const UniqueFd fd = open_file(busy, O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(::flock(fd.get(), LOCK_EX), 0);
    EXPECT_EQ(sweep_leavings(store_), 0u);
    EXPECT_TRUE(fs::exists(busy));
}

TEST_F(RemovalTest, OneOfTwoAtOnceWins) {
    for (int round = 0; round < 20; ++round) {
        install_tree(one);
        std::atomic<int> removed{0};
        const auto remove = [&] { removed += remove_package(store_, one) ? 1 : 0; };
        std::thread other(remove);
        remove();
        other.join();
        EXPECT_EQ(removed, 1);
        EXPECT_TRUE(store_is_empty());
    }
}

TEST_F(RemovalTest, NeedsAFullIdent) {
    const Error error = error_of([&] { remove_package(store_, ident("acme/lib")); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
}

TEST_F(RemovalTest, RemovingWaitsForAdding) {
    std::atomic<bool> waited{false};
    std::atomic<bool> removing{false};
    std::optional<StoreLock> adding(std::in_place, store_.paths(), StoreLock::Kind::adding);
    std::optional<StoreLock> second(std::in_place, store_.paths(), StoreLock::Kind::adding);
    std::thread other([&] {
        const StoreLock lock(store_.paths(), StoreLock::Kind::removing, [&] { waited = true; });
        removing = true;
    });
    EXPECT_TRUE(becomes_true(waited));
    EXPECT_FALSE(removing);
    adding.reset();
    EXPECT_FALSE(removing);
    second.reset();
    other.join();
    EXPECT_TRUE(removing);
}

}  // namespace
}  // namespace hab::package
