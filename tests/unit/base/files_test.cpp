// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"

namespace hab {
namespace {

mode_t mode_of(const fs::path& path) {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
}

class Files : public ::testing::Test {
protected:
    TempDir dir_{"files-test-"};
    fs::path file_ = dir_.path() / "file";
};

TEST_F(Files, AtomicWriteReplacesContentAndSetsTheModeWhateverTheUmask) {
    const mode_t old = ::umask(077);
    write_file_atomic(file_, "one");
    write_file_atomic(file_, "two", {.mode = 0640});
    ::umask(old);
    EXPECT_EQ(read_file(file_), "two");
    EXPECT_EQ(mode_of(file_), 0640);
    EXPECT_EQ(std::distance(fs::directory_iterator(dir_.path()), {}), 1)
        << "a temporary file stayed";
}

TEST_F(Files, WriteIfChangedLeavesEqualFilesAlone) {
    EXPECT_TRUE(write_file_if_changed(file_, "same"));
    EXPECT_FALSE(write_file_if_changed(file_, "same"));
    EXPECT_TRUE(write_file_if_changed(file_, "other"));
}

TEST_F(Files, ReadingStopsAtTheLimit) {
    write_file_atomic(file_, std::string(100, 'x'));
    EXPECT_EQ(read_file(file_, 100).size(), 100u);
    try {
        static_cast<void>(read_file(file_, 99));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_NE(std::string(error.what()).find("larger than the limit of 99 bytes"),
                  std::string::npos);
    }
}

TEST_F(Files, MissingFileIsNotFoundOrNothing) {
    EXPECT_EQ(read_file_if_exists(file_), std::nullopt);
    try {
        static_cast<void>(read_file(file_));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_NE(std::string(error.what()).find(file_.string()), std::string::npos);
    }
}

TEST_F(Files, MakesDirectoriesWithExactModes) {
    const mode_t old = ::umask(077);
    make_directories(dir_.path() / "a/b", 0750);
    ::umask(old);
    EXPECT_EQ(mode_of(dir_.path() / "a"), 0750);
    EXPECT_EQ(mode_of(dir_.path() / "a/b"), 0750);
    write_file_atomic(file_, "");
    EXPECT_THROW(make_directories(file_ / "c"), Error);
}

TEST(SafeJoin, RefusesNamesThatLeaveTheBase) {
    for (const std::string& name :
         {std::string("/etc/passwd"), std::string("../x"), std::string("a/../../x"),
          std::string(""), std::string("a/.."), std::string("a\0b", 3)}) {
        EXPECT_THROW(static_cast<void>(safe_join("/base", name)), Error) << name;
    }
    EXPECT_EQ(safe_join("/base", "a/b"), fs::path("/base/a/b"));
    EXPECT_EQ(safe_join("/base", "./a"), fs::path("/base/a"));
}

}  // namespace
}  // namespace hab
