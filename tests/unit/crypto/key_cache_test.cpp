// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;

class KeyCacheTest : public ::testing::Test {
protected:
    static WallTime at(int second) { return WallTime{std::chrono::seconds(1767225600 + second)}; }
    static mode_t mode_of(const fs::path& path) {
        struct stat info{};
        EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
        return info.st_mode & 07777;
    }

    TempDir dir;
    KeyCache cache{dir.path() / "cache" / "keys"};
};

TEST_F(KeyCacheTest, StoresBothPartsWithTheirModes) {
    const auto pair = SigningKeyPair::generate("core", at(0));
    cache.store(pair);
    EXPECT_EQ(mode_of(cache.dir() / "core-20260101000000.pub"), 0444u);
    EXPECT_EQ(mode_of(cache.dir() / "core-20260101000000.sig.key"), 0400u);
    EXPECT_EQ(cache.secret_key(pair.secret_key.name()).to_text(), pair.secret_key.to_text());
    EXPECT_NO_THROW(cache.store(pair)) << "the same bytes again are fine";
}

TEST_F(KeyCacheTest, NeverReplacesAnotherKey) {
    const auto first = SigningKeyPair::generate("core", at(0));
    const auto second = SigningKeyPair::generate("core", at(0));
    cache.store(first);
    try {
        cache.import(second.public_key.to_text(), "standard input");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::already_exists);
        EXPECT_THAT(error.message(), HasSubstr("core-20260101000000.pub"));
        EXPECT_THAT(error.message(), HasSubstr("BLAKE2b"));
    }
    EXPECT_EQ(cache.public_key(first.public_key.name()).to_text(), first.public_key.to_text());
}

TEST_F(KeyCacheTest, LatestMatchesTheExactNameOnly) {
    cache.store(SigningKeyPair::generate("core", at(0)));
    cache.store(SigningKeyPair::generate("core", at(60)));
    cache.store(SigningKeyPair::generate("core-plans", at(120)));
    EXPECT_EQ(cache.latest_secret_key("core").name().to_string(), "core-20260101000100");
    EXPECT_EQ(cache.revisions("core", KeyKind::signing_public).size(), 2u);
    EXPECT_TRUE(cache.has_secret_key("core-plans"));
    EXPECT_FALSE(cache.has_secret_key("cor"));
}

TEST_F(KeyCacheTest, ImportTakesEitherKindAndDropsWhatFollows) {
    const auto pair = SigningKeyPair::generate("core", at(0));
    EXPECT_EQ(cache.import(pair.secret_key.to_text() + "\n", "stdin"),
              cache.dir() / "core-20260101000000.sig.key");
    EXPECT_NO_THROW(cache.import(pair.public_key.to_text(), "stdin"));
    EXPECT_EQ(read_file(cache.dir() / "core-20260101000000.sig.key"), pair.secret_key.to_text());
}

TEST_F(KeyCacheTest, MissingKeysSayHowToGetThem) {
    try {
        (void)cache.public_key(KeyName{"core", "20260101000000"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::crypto);
        EXPECT_THAT(error.message(), HasSubstr("the public key 'core-20260101000000' is not in"));
        EXPECT_THAT(error.hint(), HasSubstr("hab origin key import"));
    }
    try {
        (void)cache.latest_secret_key("core");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.hint(), HasSubstr("hab origin key generate core"));
    }
}

TEST_F(KeyCacheTest, RenamedFileIsNotTrusted) {
    cache.store(SigningKeyPair::generate("core", at(0)));
    fs::rename(cache.dir() / "core-20260101000000.pub", cache.dir() / "acme-20260101000000.pub");
    EXPECT_THROW((void)cache.public_key(KeyName{"acme", "20260101000000"}), Error);
}

TEST_F(KeyCacheTest, LinksToFilesCountAndDirectoriesDoNot) {
    cache.store(SigningKeyPair::generate("core", at(0)));
    const auto newer = SigningKeyPair::generate("core", at(60));
    const fs::path elsewhere = dir.path() / "elsewhere.pub";
    write_file_atomic(elsewhere, newer.public_key.to_text());
    fs::create_symlink(elsewhere, cache.dir() / "core-20260101000100.pub");
    fs::create_directory(cache.dir() / "core-20260101000200.pub");
    EXPECT_EQ(cache.latest_public_key("core").to_text(), newer.public_key.to_text());
    EXPECT_EQ(cache.signing_keys().size(), 2u);
}

TEST_F(KeyCacheTest, ModesDoNotDependOnTheUmask) {
    const mode_t before = ::umask(0777);
    cache.store(SigningKeyPair::generate("core", at(0)));
    ::umask(before);
    EXPECT_EQ(mode_of(cache.dir() / "core-20260101000000.pub"), 0444u);
    EXPECT_EQ(mode_of(cache.dir() / "core-20260101000000.sig.key"), 0400u);
    EXPECT_EQ(mode_of(cache.dir()), 0755u);
}

TEST_F(KeyCacheTest, EncryptionKeysInTheSameNameSpaceArePassedOver) {
    cache.store(SigningKeyPair::generate("core", at(0)));
    write_file_atomic(
        cache.dir() / "core-20270101000000.pub",
        "BOX-PUB-1\ncore-20270101000000\n\nzF8W0pNrxBaQzZu6r/iQUTBMFhj8M9wqZwpIB/ZUJiQ=");
    EXPECT_EQ(cache.latest_public_key("core").name().revision, "20260101000000");
}

}  // namespace
}  // namespace hab::crypto
