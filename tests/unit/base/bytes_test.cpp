// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include "base/entropy.hpp"

namespace hab {
namespace {

// RFC 4648 section 10.
TEST(Base64, KnowsTheVectorsOfItsStandard) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [plain, coded] : vectors) {
        EXPECT_EQ(to_base64(as_bytes(plain)), coded);
        const auto back = from_base64(coded);
        ASSERT_TRUE(back) << coded;
        EXPECT_EQ(to_hex(*back), to_hex(as_bytes(plain)));
    }
}

TEST(Base64, RefusesWhatIsNotStrict) {
    for (const char* text :
         {"Zg", "Zg=", "Zg==\n", "Z g==", "Zh==", "Zm9=", "=Zg=", "Zg==Zg==", "Zm_v"}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
}

TEST(Base64, ReadsBackRandomBytes) {
    SeededEntropy entropy(7);
    for (std::size_t length = 0; length < 100; ++length) {
        Bytes bytes(length);
        entropy.fill(bytes);
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
        EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    }
}

TEST(Hex, RefusesOddLengthAndOtherLetters) {
    EXPECT_FALSE(from_hex("abc"));
    EXPECT_FALSE(from_hex("zz"));
    EXPECT_EQ(to_hex(*from_hex("00fFAb")), "00ffab");
}

}  // namespace
}  // namespace hab
