// SPDX-License-Identifier: Apache-2.0
// What a plan may have put in the way of the files that the build writes and reads for it.
#include "build/tree_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "base/terminal.hpp"
#include "build/sources.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

class SourcesOfAPlan : public ::testing::Test {
protected:
    void SetUp() override {
        for (const fs::path& dir : {cache_ / "x", inside_, victim_})
            make_directories(dir);
        write_file_atomic(cache_ / "x/a.tar", "archive", {.mode = 0640});
        write_file_atomic(victim_ / "a.tar", "precious");
    }
    /// The sentence that verifying x/a.tar is refused with.
    std::string refusal(bool confined) {
        const std::string hash = crypto::sha256_hex_of_file((cache_ / "x/a.tar").string());
        try {
            verify_source(inside_, confined, "x/a.tar", hash);
        } catch (const Error& error) {
            return error.message();
        }
        return "";
    }

    TempDir dir_;
    fs::path cache_ = dir_.path() / "cache";
    fs::path inside_ = dir_.path() / "inside";
    fs::path victim_ = dir_.path() / "victim";
    Terminal terminal_{2, 2, false, 80};
    Sources sources_{cache_, dir_.path() / "hab", terminal_};
};

TEST_F(SourcesOfAPlan, AreCopiedToTheirPlaceAndNotWhereALinkLeads) {
    fs::create_directory_symlink(victim_, inside_ / "x");
    sources_.copy_to("x/a.tar", inside_);
    EXPECT_EQ(read_file(victim_ / "a.tar"), "precious");
    EXPECT_EQ(read_file(inside_ / "x/a.tar"), "archive");
    EXPECT_FALSE(fs::is_symlink(inside_ / "x"));
    EXPECT_EQ(fs::status(inside_ / "x/a.tar").permissions(), fs::perms(0640));

    fs::remove(inside_ / "x/a.tar");
    fs::create_symlink(victim_ / "a.tar", inside_ / "x/a.tar");
    fs::create_symlink(victim_ / "a.tar", inside_ / "x/.a.tar.new");
    sources_.copy_to("x/a.tar", inside_);
    EXPECT_EQ(read_file(victim_ / "a.tar"), "precious");
    EXPECT_EQ(read_file(inside_ / "x/a.tar"), "archive");
    EXPECT_EQ(refusal(true), "");
}

TEST_F(SourcesOfAPlan, AreVerifiedWithoutLeavingTheStudioOrWaiting) {
    fs::create_directory_symlink(cache_ / "x", inside_ / "x");
    EXPECT_THAT(refusal(true), HasSubstr("a link leads out"));
    EXPECT_EQ(refusal(false), "") << "outside of a studio links are the user's own";
    fs::remove(inside_ / "x");
    make_directories(inside_ / "x");
    ASSERT_EQ(::mkfifo((inside_ / "x/a.tar").c_str(), 0600), 0);
    EXPECT_THAT(refusal(true), HasSubstr("is not a file"));
    EXPECT_THAT(refusal(false), HasSubstr("is not a file"));
}

}  // namespace
}  // namespace hab::build
