// SPDX-License-Identifier: Apache-2.0
#include "crypto/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "crypto/ring_key.hpp"
#include "crypto/signing.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;

const WallTime new_year{std::chrono::seconds(1767225600)};

std::string refusal_of(const std::string& text) {
    try {
        (void)RingKey::from_text(text, "the key");
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::crypto);
        return error.message();
    }
    return "taken";
}

TEST(Identity, SignsAndSurvivesItsText) {
    const Identity one = Identity::generate("member", new_year);
    const Identity again = Identity::from_text(one.to_text(), "the text");
    EXPECT_EQ(again.public_key(), one.public_key());
    const Signature signature = one.sign("a message");
    EXPECT_EQ(again.sign("a message"), signature);
    EXPECT_TRUE(verifies(one.public_key(), "a message", signature));
    EXPECT_FALSE(verifies(one.public_key(), "another", signature));
    EXPECT_FALSE(
        verifies(Identity::generate("member", new_year).public_key(), "a message", signature));
    Signature changed = signature;
    changed[63] ^= std::byte{1};
    EXPECT_FALSE(verifies(one.public_key(), "a message", changed));
}

TEST(Identity, HasTheTextOfASigningKey) {
    const Identity one = Identity::generate("ring-admin", new_year);
    const auto key = SigningSecretKey::from_text(one.to_text(), "it");
    EXPECT_EQ(key.name().to_string(), "ring-admin-20260101000000");
    const Bytes combined = key.sign("a message");
    const Signature signature = one.sign("a message");
    EXPECT_TRUE(std::equal(signature.begin(), signature.end(), combined.begin()));
    EXPECT_THROW((void)Identity::from_text(key.public_key().to_text(), "it"), Error);
}

TEST(StrictRingKey, NamesItsAdminsInItsText) {
    const PublicKey first = Identity::generate("a", new_year).public_key();
    const PublicKey second = Identity::generate("b", new_year).public_key();
    const RingKey key = RingKey::generate("acme", new_year, {first, second});
    EXPECT_TRUE(key.strict());
    EXPECT_THAT(key.to_text(), HasSubstr("\nSTRICT-1\n" + to_base64(first) + "\n"));
    const RingKey again = RingKey::from_text(key.to_text() + "\n", "it");
    EXPECT_THAT(again.admins(), ::testing::ElementsAre(first, second));
    EXPECT_EQ(again.to_text(), key.to_text());
    EXPECT_FALSE(RingKey::generate("acme", new_year).strict());
}

TEST(StrictRingKey, IsNeverTakenForOneThatIsNot) {
    const std::string plain = RingKey::generate("acme", new_year).to_text();
    EXPECT_THAT(refusal_of(plain + "\nSTRICT-1\n"), HasSubstr("names no admin"));
    EXPECT_THAT(refusal_of(plain + "\nSTRICT-1\nAAAA\n"),
                HasSubstr("line 6 is not an admin's key"));
    EXPECT_THAT(refusal_of(plain + "\nSTRICT-1\r\n\r\n!\n"),
                HasSubstr("line 7 is not an admin's key"));
}

}  // namespace
}  // namespace hab::crypto
