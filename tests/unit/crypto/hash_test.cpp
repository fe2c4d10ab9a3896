// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::crypto {
namespace {

TEST(Hash, Blake2bIsTheUntruncated256BitForm) {
    // printf '' | b2sum -l 256; printf 'abc' | b2sum -l 256
    EXPECT_EQ(blake2b_hex(""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    EXPECT_EQ(blake2b_hex("abc"),
              "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash, StreamingInPiecesGivesTheSameDigest) {
    const std::string text(300'000, 'x');
    Blake2b hash;
    for (std::size_t at = 0; at < text.size(); at += 777) {
        hash.update(as_bytes(std::string_view(text).substr(at, 777)));
    }
    EXPECT_EQ(to_hex(hash.finish()), blake2b_hex(text));
}

TEST(Hash, FilesHashLikeTheirContent) {
    TempDir dir;
    const std::string text(700'001, 'y');
    write_file_atomic(dir.path() / "f", text);
    EXPECT_EQ(blake2b_hex_of_file(dir.path() / "f"), blake2b_hex(text));
    write_file_atomic(dir.path() / "abc", "abc");
    EXPECT_EQ(sha256_hex_of_file(dir.path() / "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, ConstantTimeComparison) {
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace hab::crypto
