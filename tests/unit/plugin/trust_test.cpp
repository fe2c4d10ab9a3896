// SPDX-License-Identifier: Apache-2.0
#include "plugin/trust.hpp"

#include <gmock/gmock.h>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

struct stat status(unsigned mode, unsigned uid) {
    struct stat result{};
    result.st_mode = mode;
    result.st_uid = uid;
    return result;
}

constexpr unsigned user = 1000;

TEST(Trust, DirectoriesOfRootAndOfTheUser) {
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0755, 0), user, true), std::nullopt);
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0700, user), user, true), std::nullopt);
}

TEST(Trust, OthersMayNotOwnADirectory) {
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0755, 7), user, true),
              "its directory /d belongs to uid 7");
    // Root does not trust a user's directory.
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0755, user), 0, false),
              "its parent directory /d belongs to uid 1000");
}

TEST(Trust, OthersMayNotWriteADirectory) {
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0777, 0), user, true),
              "its directory /d is writable by others (mode 0777)");
    EXPECT_EQ(distrust_directory("/d", status(S_IFDIR | 0775, 0), user, false),
              "its parent directory /d is writable by others (mode 0775)");
}

TEST(Trust, AStickyDirectoryOfRootMayStandAboveButNotAround) {
    EXPECT_EQ(distrust_directory("/tmp", status(S_IFDIR | 01777, 0), user, false), std::nullopt);
    EXPECT_EQ(distrust_directory("/tmp", status(S_IFDIR | 01777, 0), user, true),
              "its directory /tmp is writable by others (mode 1777)");
    EXPECT_NE(distrust_directory("/d", status(S_IFDIR | 01777, user), user, false), std::nullopt);
}

TEST(Trust, TheFileItself) {
    const PluginDir dir;
    const auto path = dir.path() / "hab-x.so";
    EXPECT_EQ(distrust_reason(path, status(S_IFREG | 0755, ::geteuid()), ::geteuid()),
              std::nullopt);
    EXPECT_EQ(distrust_reason(path, status(S_IFREG | 0757, ::geteuid()), ::geteuid()),
              "it is writable by others (mode 0757)");
    EXPECT_EQ(distrust_reason(path, status(S_IFREG | 0755, 4711), ::geteuid()),
              "it belongs to uid 4711");
}

TEST(Trust, LooksAtEveryAncestor) {
    const PluginDir dir;
    const auto open = dir.path() / "open";
    fs::create_directories(open / "below");
    fs::permissions(open, fs::perms(0777));
    const auto reason =
        distrust_reason(open / "below/hab-x.so", status(S_IFREG | 0755, ::geteuid()), ::geteuid());
    ASSERT_TRUE(reason);
    EXPECT_THAT(*reason, ::testing::StartsWith("its parent directory " + open.string() +
                                               " is writable by others"));
}

}  // namespace
}  // namespace hab::plugin::test
