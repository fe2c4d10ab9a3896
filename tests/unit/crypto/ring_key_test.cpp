// SPDX-License-Identifier: Apache-2.0
#include "crypto/ring_key.hpp"

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

std::string sealed(const RingKey& key, std::string_view plain, const RingNonce& nonce) {
    std::string out;
    key.seal(plain, nonce, out);
    return out;
}

TEST(RingKey, SurvivesItsText) {
    const RingKey key = RingKey::generate("acme", new_year);
    EXPECT_THAT(key.to_text(), StartsWith("SYM-SEC-1\nacme-20260101000000\n\n"));
    const RingKey again = RingKey::from_text(key.to_text(), "the text");
    EXPECT_EQ(again.to_text(), key.to_text());
    EXPECT_NE(RingKey::generate("acme", new_year).to_text(), key.to_text());
}

TEST(RingKey, OpensWhatItSealedAndNothingElse) {
    const RingKey key = RingKey::generate("acme", new_year);
    const RingNonce nonce = random_ring_nonce();
    std::string bytes = sealed(key, "hello", nonce);
    EXPECT_EQ(bytes.size(), 5 + ring_tag_size);
    std::string plain = "old";
    ASSERT_TRUE(key.open(bytes, nonce, plain));
    EXPECT_EQ(plain, "hello");
    EXPECT_FALSE(RingKey::generate("acme", new_year).open(bytes, nonce, plain));
    EXPECT_FALSE(key.open(bytes, random_ring_nonce(), plain));
    EXPECT_FALSE(key.open(bytes.substr(0, 15), nonce, plain));
    EXPECT_FALSE(key.open("", nonce, plain));
    bytes[17] = static_cast<char>(bytes[17] ^ 1);
    plain = "old";
    EXPECT_FALSE(key.open(bytes, nonce, plain));
    EXPECT_EQ(plain, "") << "nothing of what is not authentic is handed out";
}

TEST(RingKey, AnEmptyTextCanBeSealed) {
    const RingKey key = RingKey::generate("acme", new_year);
    const RingNonce nonce = random_ring_nonce();
    std::string plain = "old";
    EXPECT_TRUE(key.open(sealed(key, "", nonce), nonce, plain));
    EXPECT_EQ(plain, "");
}

TEST(RingKey, NamesAreCheckedAndKindsAreNotMixedUp) {
    EXPECT_EQ(error_of([] { (void)RingKey::generate("a/b", new_year); }).code(), ErrorCode::usage);
    EXPECT_THAT(error_of([] { (void)RingKey::generate("", new_year); }).message(),
                HasSubstr("'' is not a valid ring name"));
    const auto pair = SigningKeyPair::generate("acme", new_year);
    EXPECT_THAT(
        error_of([&] { (void)RingKey::from_text(pair.secret_key.to_text(), "it"); }).message(),
        HasSubstr("it is a SIG-SEC-1 key, but a SYM-SEC-1 key is needed"));
}

class RingKeyInCache : public ::testing::Test {
protected:
    TempDir dir_;
    KeyCache cache_{dir_.path() / "keys"};
};

TEST_F(RingKeyInCache, IsForItsOwnerAloneAndTheNewestCounts) {
    const RingKey old_key = RingKey::generate("acme", new_year);
    const RingKey new_key = RingKey::generate("acme", new_year + std::chrono::seconds(1));
    cache_.store(new_key);
    cache_.store(old_key);
    cache_.store(RingKey::generate("acme-2", new_year + std::chrono::seconds(5)));
    struct stat status = {};
    const fs::path path = dir_.path() / "keys" / "acme-20260101000000.sym.key";
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0400u);
    EXPECT_EQ(cache_.latest_ring_key("acme").to_text(), new_key.to_text());
    EXPECT_EQ(cache_.ring_key(old_key.name()).to_text(), old_key.to_text());
}

TEST_F(RingKeyInCache, IsImportedOnceAndNeverReplaced) {
    const RingKey key = RingKey::generate("acme", new_year);
    const fs::path path = cache_.import_ring_key(key.to_text(), "it");
    EXPECT_EQ(read_file(path), key.to_text());
    EXPECT_EQ(cache_.import_ring_key(key.to_text() + "\n", "it"), path) << "the same is fine";
    const RingKey other = RingKey::generate("acme", new_year);
    EXPECT_EQ(error_of([&] { (void)cache_.import_ring_key(other.to_text(), "it"); }).code(),
              ErrorCode::already_exists);
    EXPECT_EQ(read_file(path), key.to_text());
}

TEST_F(RingKeyInCache, SaysHowToGetOneThatIsMissing) {
    const Error none = error_of([&] { (void)cache_.latest_ring_key("acme"); });
    EXPECT_EQ(none.code(), ErrorCode::crypto);
    EXPECT_THAT(none.message(), HasSubstr("there is no key of the ring 'acme'"));
    EXPECT_THAT(none.hint(), HasSubstr("hab ring key generate acme"));
    const Error exact = error_of([&] { (void)cache_.ring_key(KeyName{"acme", "20260101000000"}); });
    EXPECT_THAT(exact.message(), HasSubstr("the ring key 'acme-20260101000000' is not in"));
    EXPECT_THAT(exact.hint(), HasSubstr("hab ring key import"));
}

}  // namespace
}  // namespace hab::crypto
