// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/log_lines.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "cli/sup/tar_text.hpp"

namespace hab::cli {
namespace {

const WallTime noon{std::chrono::seconds(1'767'268'800)};  // 2026-01-01T12:00:00Z

class LogLines : public testing::Test {
protected:
    LogLines() {
        write_file_atomic(file_.string() + ".2", "2026-01-01T10:00:00Z O one\n");
        write_file_atomic(file_.string() + ".1",
                          "2026-01-01T11:00:00Z O two\n2026-01-01T11:30:00Z E three\n");
        write_file_atomic(file_, "2026-01-01T12:00:00Z HK four\n");
    }
    TempDir dir_{"hab-log-lines"};
    fs::path file_ = dir_.path() / "service.log";
};

TEST_F(LogLines, AreThoseOfAllFilesInOrder) {
    EXPECT_EQ(log_lines(file_, {}),
              "2026-01-01T10:00:00Z O one\n2026-01-01T11:00:00Z O two\n"
              "2026-01-01T11:30:00Z E three\n2026-01-01T12:00:00Z HK four\n");
}

TEST_F(LogLines, EndWithTheLast) {
    EXPECT_EQ(log_lines(file_, {.since = {}, .lines = 2}),
              "2026-01-01T11:30:00Z E three\n2026-01-01T12:00:00Z HK four\n");
    EXPECT_EQ(log_lines(file_, {.since = {}, .lines = 0}), "");
    EXPECT_EQ(log_lines(file_, {.since = {}, .lines = 99}), log_lines(file_, {}));
}

TEST_F(LogLines, BeginWithATime) {
    EXPECT_EQ(log_lines(file_, {.since = read_since("45m", noon), .lines = {}}),
              "2026-01-01T11:30:00Z E three\n2026-01-01T12:00:00Z HK four\n");
    EXPECT_EQ(log_lines(file_, {.since = read_since("2026-01-01T12:00:01Z", noon), .lines = {}}),
              "");
}

TEST_F(LogLines, WhatIsRotatedAwayIsStillThere) {
    fs::remove(file_);
    EXPECT_EQ(log_lines(file_, {.since = {}, .lines = 1}), "2026-01-01T11:30:00Z E three\n");
}

TEST_F(LogLines, DoNotComeFromALinkThatTheServiceMayHaveMade) {
    fs::remove(file_);
    fs::create_symlink("/etc/hostname", file_);
    EXPECT_THROW((void)log_lines(file_, {}), Error);
    fs::remove(file_);
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    EXPECT_THROW((void)log_lines(file_, {}), Error) << "and a pipe is not waited for";
}

TEST_F(LogLines, NeedALog) {
    try {
        (void)log_lines(dir_.path() / "none.log", {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_EQ(error.message(), "there is no log " + (dir_.path() / "none.log").string());
    }
}

TEST(ReadSince, TakesTimesAndAges) {
    EXPECT_EQ(read_since("30s", noon), noon - std::chrono::seconds(30));
    EXPECT_EQ(read_since("2h", noon), noon - std::chrono::hours(2));
    EXPECT_EQ(read_since("7d", noon), noon - std::chrono::hours(7 * 24));
    EXPECT_EQ(read_since("2026-01-01T12:00:00Z", noon), noon);
    for (const char* wrong : {"", "m", "noon", "-5m", "5", "5w", "2026-01-01", "1e3s",
                              "99999999999999999999d", "9999999999999d"}) {
        try {
            (void)read_since(wrong, noon);
            FAIL() << wrong;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::usage);
            EXPECT_EQ(error.message(), std::string("--since does not understand '") + wrong + "'");
        }
    }
}

TEST(TarText, IsAnArchive) {
    TarText tar(noon);
    tar.add("a", "hello");
    tar.add(std::string(120, 'x') + "/end", std::string(512, 'y'));
    const std::string bytes = std::move(tar).finish();
    EXPECT_EQ(bytes.size(), 2u * 512 + 2u * 512 + 1024);
    EXPECT_EQ(bytes.substr(257, 5), "ustar");
    EXPECT_EQ(bytes.substr(124, 11), "00000000005");
    EXPECT_EQ(bytes.substr(512, 5), "hello");
    EXPECT_EQ(bytes.substr(1024 + 96, 4), "/end");
}

}  // namespace
}  // namespace hab::cli
