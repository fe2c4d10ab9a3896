// SPDX-License-Identifier: Apache-2.0
#include "base/pending_file.hpp"

#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"

namespace hab {
namespace {

std::size_t count_in(const fs::path& dir) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), {}));
}

TEST(PendingFile, GoesUnlessItIsPlaced) {
    const TempDir dir;
    {
        const PendingFile file(dir.path() / "a");
        EXPECT_EQ(count_in(dir.path()), 1u);
        EXPECT_FALSE(fs::exists(dir.path() / "a"));
    }
    EXPECT_EQ(count_in(dir.path()), 0u);
    {
        PendingFile file(dir.path() / "a");
        write_all(file.fd(), "text", "a");
        file.sync();
        file.place();
    }
    EXPECT_EQ(read_file(dir.path() / "a"), "text");
    EXPECT_EQ(count_in(dir.path()), 1u);
}

TEST(PendingFile, RemovesWhatTheDeadLeftAndNothingElse) {
    const TempDir dir;
    const PendingFile alive(dir.path() / "alive");
    write_file_atomic(dir.path() / ".other.tmp", "somebody else's");
    write_file_atomic(dir.path() / ".x.0123456789ag.tmp", "not hexadecimal");
    fs::create_directory(dir.path() / ".dir.0123456789ab.tmp");
    fs::create_symlink("nowhere", dir.path() / ".link.0123456789ab.tmp");
    const fs::path left = dir.path() / ".left.0123456789ab.tmp";
    fs::copy_file(dir.path() / ".other.tmp", left);
    {
        const UniqueFd held = open_file(left, O_RDONLY);
        ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
        EXPECT_EQ(remove_stale_files(dir.path()), 0u);
    }
    EXPECT_EQ(remove_stale_files(dir.path()), 1u);
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(alive.temporary()));
    EXPECT_EQ(count_in(dir.path()), 5u);
    EXPECT_EQ(remove_stale_files(dir.path() / "none"), 0u);
}

TEST(PendingFile, ACopyKeepsContentAndModeAndReplacesALinkItself) {
    const TempDir dir;
    write_file_atomic(dir.path() / "a", "new", WriteOptions{.mode = 0750});
    write_file_atomic(dir.path() / "precious", "old");
    fs::create_symlink("precious", dir.path() / "b");
    copy_file_atomic(dir.path() / "a", dir.path() / "b");
    EXPECT_FALSE(fs::is_symlink(dir.path() / "b"));
    EXPECT_EQ(read_file(dir.path() / "b"), "new");
    EXPECT_EQ(fs::status(dir.path() / "b").permissions(), fs::perms(0750));
    EXPECT_EQ(read_file(dir.path() / "precious"), "old");
    EXPECT_THROW(copy_file_atomic(dir.path() / "none", dir.path() / "c"), Error);
    EXPECT_EQ(count_in(dir.path()), 3u);
}

}  // namespace
}  // namespace hab
