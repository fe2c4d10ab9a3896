// SPDX-License-Identifier: Apache-2.0
#include "base/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"

namespace hab {
namespace {

class Tree : public ::testing::Test {
protected:
    TempDir dir_{"tree-test-"};
};

TEST_F(Tree, RemovesWithoutFollowingLinks) {
    write_file_atomic(dir_.path() / "outside", "keep");
    const fs::path tree = dir_.path() / "tree";
    make_directories(tree / "a/b");
    write_file_atomic(tree / "a/b/file", "x");
    fs::create_symlink(dir_.path() / "outside", tree / "a/link");
    fs::create_directory_symlink(dir_.path(), tree / "up");
    remove_tree(tree);
    EXPECT_FALSE(fs::exists(tree));
    EXPECT_EQ(read_file(dir_.path() / "outside"), "keep");
}

TEST_F(Tree, RemovesReadOnlyDirectoriesAndMissingOnes) {
    const fs::path tree = dir_.path() / "tree";
    make_directories(tree / "a");
    write_file_atomic(tree / "a/file", "x");
    fs::permissions(tree / "a", fs::perms::owner_read | fs::perms::owner_exec);
    remove_tree(tree);
    EXPECT_FALSE(fs::exists(tree));
    EXPECT_NO_THROW(remove_tree(tree));
    EXPECT_THROW(remove_tree("/"), Error);
}

TEST_F(Tree, WalksInByteOrderDirectoriesFirst) {
    make_directories(dir_.path() / "b/c");
    write_file_atomic(dir_.path() / "b/a", "");
    write_file_atomic(dir_.path() / "B", "");
    std::vector<std::string> seen;
    walk_tree(dir_.path(), [&](const TreeEntry& entry) { seen.push_back(entry.relative); });
    EXPECT_THAT(seen, ::testing::ElementsAre("B", "b", "b/a", "b/c"));
}

}  // namespace
}  // namespace hab
