// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "build/elf_files.hpp"
#include "build/files_list.hpp"
#include "build/packer.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string elf(char type, bool big_endian = false) {
    std::string bytes =
        "\x7f"
        "ELF\x02"s +
        (big_endian ? '\x02' : '\x01') + std::string(10, '\0');
    return bytes + (big_endian ? "\0"s + type : type + "\0"s);
}

TEST(ElfKind, LooksAtTheHeaderOnly) {
    EXPECT_EQ(elf_kind(elf(2)), "executable");
    EXPECT_EQ(elf_kind(elf(3)), "shared");
    EXPECT_EQ(elf_kind(elf(3, true)), "shared");
    EXPECT_EQ(elf_kind(elf(1)), "");
    EXPECT_EQ(elf_kind("!<arch>\nrest"), "archive");
    EXPECT_EQ(elf_kind("#!/bin/sh"), "");
    EXPECT_EQ(elf_kind(""), "");
    EXPECT_EQ(elf_kind(elf(2).substr(0, 17)), "");
}

TEST(FindElfFiles, SkipsLinksAndReadOnlyFiles) {
    const TempDir dir;
    make_directories(dir.path() / "bin");
    write_file_atomic(dir.path() / "bin" / "b", elf(2));
    write_file_atomic(dir.path() / "bin" / "a", elf(3));
    write_file_atomic(dir.path() / "bin" / "fixed", elf(3), {.mode = 0444});
    write_file_atomic(dir.path() / "bin" / "empty", "");
    fs::create_symlink("a", dir.path() / "bin" / "link");
    const auto files = find_elf_files(dir.path());
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].relative, "bin/a");
    EXPECT_EQ(files[0].kind, "shared");
    EXPECT_EQ(files[1].relative, "bin/b");
}

TEST(FilesList, IsSortedByPathWithPendingFilesInPlace) {
    const TempDir dir;
    make_directories(dir.path() / "a");
    write_file_atomic(dir.path() / "a" / "x", "1");
    // '-' sorts before '/', so a walk by directory would list these the other way round.
    write_file_atomic(dir.path() / "a-b", "2");
    fs::create_symlink("a-b", dir.path() / "link");
    EXPECT_EQ(files_list(dir.path(), "/p", {{"TARGET", "t\n"}}),
              crypto::blake2b_hex("t\n") + "  /p/TARGET\n" + crypto::blake2b_hex("2") +
                  "  /p/a-b\n" + crypto::blake2b_hex("1") + "  /p/a/x\n");
}

TEST(CheckedTree, RefusesLinksOnTheWay) {
    const TempDir dir;
    const auto ident = package::Ident::parse("acme/app/1/20260101000000");
    make_directories(dir.path() / "elsewhere" / "1" / "20260101000000");
    make_directories(dir.path() / "acme");
    fs::create_symlink("../elsewhere", dir.path() / "acme" / "app");
    try {
        static_cast<void>(checked_tree(dir.path(), ident));
        FAIL() << "a link was followed";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("is not a directory"));
    }
    fs::remove(dir.path() / "acme" / "app");
    make_directories(dir.path() / "acme" / "app" / "1" / "20260101000000");
    EXPECT_EQ(checked_tree(dir.path(), ident), dir.path() / "acme/app/1/20260101000000");
}

}  // namespace
}  // namespace hab::build
