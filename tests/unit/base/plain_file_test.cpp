// SPDX-License-Identifier: Apache-2.0
#include "base/plain_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab {
namespace {

TEST(PlainFile, HoldsWhatItHoldsToTheByte) {
    TempDir dir;
    const fs::path file = dir.path() / "file";
    const std::string large(200'000, 'x');
    EXPECT_FALSE(plain_file_holds(file, "")) << "there is none";
    for (const std::string& text : {std::string(), std::string("text\n"), large}) {
        write_file_atomic(file, text);
        EXPECT_TRUE(plain_file_holds(file, text));
        EXPECT_FALSE(plain_file_holds(file, text + "x"));
    }
    EXPECT_FALSE(plain_file_holds(file, large.substr(1)));
    EXPECT_FALSE(plain_file_holds(file, large.substr(1) + "y"));
}

TEST(PlainFile, NeitherFollowsLinksNorWaitsForAFifo) {
    TempDir dir;
    const fs::path other = dir.path() / "other";
    write_file_atomic(other, "text");
    const fs::path link = dir.path() / "link";
    fs::create_symlink(other, link);
    EXPECT_FALSE(plain_file_holds(link, "text"));
    const fs::path fifo = dir.path() / "fifo";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_FALSE(plain_file_holds(fifo, ""));
    EXPECT_FALSE(plain_file_holds(dir.path(), ""));
    write_file_atomic(fifo, "text");
    EXPECT_TRUE(plain_file_holds(fifo, "text")) << "it was replaced";
}

}  // namespace
}  // namespace hab
