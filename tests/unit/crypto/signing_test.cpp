// SPDX-License-Identifier: Apache-2.0
#include "crypto/signing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;

/// RFC 8032 section 7.1, test 2: seed, public key, message 0x72 and its signature.
constexpr std::string_view rfc_seed =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view rfc_public =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view rfc_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

SigningSecretKey rfc_key() {
    return {KeyName{"rfc", "20260101000000"},
            SecretBytes(*from_hex(std::string(rfc_seed).append(rfc_public)))};
}

TEST(Signing, IsTheCombinedFormOfPlainEd25519) {
    const Bytes combined = rfc_key().sign("\x72");
    EXPECT_EQ(to_hex(combined), std::string(rfc_signature) + "72");
}

TEST(Signing, PublicHalfOpensWhatTheSecretHalfSigned) {
    const auto pair = SigningKeyPair::generate("core", WallTime{std::chrono::seconds(1767225600)});
    EXPECT_EQ(pair.public_key.name().to_string(), "core-20260101000000");
    Bytes combined = pair.secret_key.sign("text");
    EXPECT_EQ(pair.public_key.open(combined), "text");
    EXPECT_EQ(pair.secret_key.public_key().open(combined), "text");
    combined.back() ^= std::byte{1};
    EXPECT_FALSE(pair.public_key.open(combined));
    EXPECT_FALSE(pair.public_key.open(Bytes(63)));
}

TEST(Signing, TextFormsRoundTrip) {
    const auto pair = SigningKeyPair::generate("core", WallTime{});
    const auto pub = SigningPublicKey::from_text(pair.public_key.to_text(), "k");
    const auto sec = SigningSecretKey::from_text(pair.secret_key.to_text(), "k");
    EXPECT_EQ(pub.open(sec.sign("x")), "x");
}

TEST(Signing, KeyOfTheWrongKindIsRefused) {
    const auto pair = SigningKeyPair::generate("core", WallTime{});
    try {
        (void)SigningPublicKey::from_text(pair.secret_key.to_text(), "'file'");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "'file' is a SIG-SEC-1 key, but a SIG-PUB-1 key is needed");
    }
}

TEST(Signing, SecretKeyWithForeignHalvesIsRefused) {
    const auto pair = SigningKeyPair::generate("core", WallTime{});
    const std::string text =
        format_key(pair.secret_key.name(), KeyKind::signing_secret,
                   *from_hex(std::string(rfc_seed).append(std::string(62, '0')).append("01")));
    try {
        (void)SigningSecretKey::from_text(text, "'file'");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr("do not belong together"));
    }
}

TEST(Signing, OriginNameIsChecked) {
    EXPECT_THROW((void)SigningKeyPair::generate("Bad Name", WallTime{}), Error);
}

}  // namespace
}  // namespace hab::crypto
