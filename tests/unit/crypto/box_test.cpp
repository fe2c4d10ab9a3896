// SPDX-License-Identifier: Apache-2.0
#include "crypto/box.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "crypto/key_cache.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const WallTime new_year{std::chrono::seconds(1767225600)};

template <typename Call>
Error error_of(Call&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorCode::bug, "nothing was thrown");
}

TEST(Box, PairsBelongTogetherAndSurviveTheirText) {
    const auto pair = BoxKeyPair::generate("redis.default@acme", new_year);
    EXPECT_EQ(pair.public_key.name().to_string(), "redis.default@acme-20260101000000");
    EXPECT_EQ(pair.secret_key.public_key().to_text(), pair.public_key.to_text());
    EXPECT_THAT(pair.public_key.to_text(),
                StartsWith("BOX-PUB-1\nredis.default@acme-20260101000000\n\n"));
    const auto again = BoxSecretKey::from_text(pair.secret_key.to_text(), "the text");
    EXPECT_EQ(again.public_key().to_text(), pair.public_key.to_text());
    const auto other = BoxKeyPair::generate("redis.default@acme", new_year);
    EXPECT_NE(other.public_key.to_text(), pair.public_key.to_text());
}

// RFC 7748, section 6.1: Alice's keys.
TEST(Box, PublicHalfIsTheOneOfTheStandard) {
    const auto secret = BoxSecretKey::from_text(
        "BOX-SEC-1\nalice-20260101000000\n\ndwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=", "a");
    EXPECT_THAT(secret.public_key().to_text(),
                HasSubstr("\nhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="));
}

TEST(Box, KindsAreNotMixedUp) {
    const auto pair = BoxKeyPair::generate("bob", new_year);
    EXPECT_THAT(
        error_of([&] { (void)BoxSecretKey::from_text(pair.public_key.to_text(), "it"); }).message(),
        HasSubstr("it is a BOX-PUB-1 key, but a BOX-SEC-1 key is needed"));
    EXPECT_THAT(error_of([&] {
                    (void)SigningPublicKey::from_text(pair.public_key.to_text(), "it");
                }).message(),
                HasSubstr("a SIG-PUB-1 key is needed"));
    EXPECT_THAT(error_of([] {
                    (void)BoxPublicKey::from_text("BOX-PUB-1\nb-20260101000000\n\nAAAA", "it");
                }).message(),
                HasSubstr("the key has 3 bytes, a BOX-PUB-1 key has 32"));
}

TEST(Box, CacheKeepsThePairWithItsModes) {
    const TempDir dir;
    const KeyCache cache(dir.path() / "keys");
    const auto pair = BoxKeyPair::generate("redis.default@acme", new_year);
    cache.store(pair);
    const auto mode = [&](const char* name) {
        struct stat info{};
        EXPECT_EQ(::stat((cache.dir() / name).c_str(), &info), 0) << name;
        return info.st_mode & 07777;
    };
    EXPECT_EQ(mode("redis.default@acme-20260101000000.pub"), 0444u);
    EXPECT_EQ(mode("redis.default@acme-20260101000000.box.key"), 0400u);
    EXPECT_EQ(cache.box_secret_key(pair.secret_key.name()).public_key().to_text(),
              pair.public_key.to_text());
    EXPECT_EQ(cache.box_public_key(pair.public_key.name()).to_text(), pair.public_key.to_text());
    EXPECT_THAT(error_of([&] {
                    cache.store(BoxKeyPair::generate("redis.default@acme", new_year));
                }).message(),
                HasSubstr("a different key"));
    EXPECT_TRUE(cache.signing_keys().empty()) << "its .pub file is no signing key";
}

TEST(Box, CacheRefusesMissingAndRenamedKeys) {
    const TempDir dir;
    const KeyCache cache(dir.path());
    EXPECT_THAT(error_of([&] { (void)cache.box_public_key({"bob", "20260101000000"}); }).message(),
                HasSubstr("the public key 'bob-20260101000000' is not in the key cache"));
    cache.store(BoxKeyPair::generate("bob", new_year));
    fs::rename(dir.path() / "bob-20260101000000.box.key",
               dir.path() / "eve-20260101000000.box.key");
    EXPECT_THAT(error_of([&] { (void)cache.box_secret_key({"eve", "20260101000000"}); }).message(),
                HasSubstr("holds the key 'bob-20260101000000', not 'eve-20260101000000'"));
}

TEST(Box, OriginImportTakesNoEncryptionKeys) {
    const TempDir dir;
    const KeyCache cache(dir.path());
    const auto pair = BoxKeyPair::generate("acme", new_year);
    EXPECT_THAT(
        error_of([&] { cache.import(pair.secret_key.to_text(), "standard input"); }).message(),
        HasSubstr("standard input is a BOX-SEC-1 key, but a signing key of an origin is needed"));
    EXPECT_TRUE(fs::is_empty(dir.path()));
}

TEST(Box, ServiceKeysAreNamedAfterGroupAndOrganisation) {
    EXPECT_EQ(service_key_name("redis.default", "acme"), "redis.default@acme");
    EXPECT_EQ(service_key_name("redis.default@acme", ""), "redis.default@acme");
    EXPECT_EQ(service_key_name("redis.default@acme", "acme"), "redis.default@acme");
    const auto why = [](std::string_view group, std::string_view org) {
        const Error error = error_of([&] { (void)service_key_name(group, org); });
        EXPECT_EQ(error.code(), ErrorCode::usage) << group;
        EXPECT_THAT(error.hint(), HasSubstr("hab svc key generate"));
        return error.message();
    };
    EXPECT_THAT(why("redis", "acme"), HasSubstr("not of the form SERVICE.GROUP"));
    EXPECT_THAT(why("a.b.c", "acme"), HasSubstr("not of the form SERVICE.GROUP"));
    EXPECT_THAT(why(".default", "acme"), HasSubstr("not of the form"));
    EXPECT_THAT(why("re/dis.default", "acme"), HasSubstr("not of the form"));
    EXPECT_THAT(why("redis.default", ""), HasSubstr("no organisation was given"));
    EXPECT_THAT(why("redis.default@", "acme"), HasSubstr("follows the '@'"));
    EXPECT_THAT(why("redis.default@a", "b"), HasSubstr("said to be 'a' and 'b'"));
    EXPECT_THAT(why("redis.default", "../x"), HasSubstr("is not the name of an organisation"));
    EXPECT_THAT(why(std::string(200, 'r') + ".default", "acme"), HasSubstr("longer than 200"));
}

TEST(Box, UserNamesBecomeFileNames) {
    EXPECT_NO_THROW(check_user_name("bob.smith-2_x"));
    for (const char* name : {"", ".bob", "-bob", "bob/../x", "bob smith", "b\nb"}) {
        EXPECT_EQ(error_of([&] { check_user_name(name); }).code(), ErrorCode::usage) << name;
    }
}

}  // namespace
}  // namespace hab::crypto
