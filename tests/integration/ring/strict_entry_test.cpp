// SPDX-License-Identifier: Apache-2.0
// Who a supervisor is in a strict ring, and that it cannot slide out of one.
#include "gossip/strict_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "crypto/signing.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

const WallTime now{std::chrono::seconds(1767225600)};

class StrictEntry : public ::testing::Test {
protected:
    static ring::Seal sealed(std::vector<crypto::PublicKey> admins, bool older = false) {
        std::vector<crypto::RingKey> keys;
        keys.push_back(crypto::RingKey::generate("acme", now, std::move(admins)));
        if (older) keys.push_back(crypto::RingKey::generate("acme", now - std::chrono::hours(1)));
        return ring::Seal(std::move(keys));
    }
    [[nodiscard]] auto enter(const ring::Seal& seal, bool demanded = false) const {
        return gossip::enter_strictly(seal, demanded, cache_, dir_.path() / "data", now);
    }
    [[nodiscard]] Error refusal(const ring::Seal& seal, bool demanded = false) const {
        try {
            (void)enter(seal, demanded);
        } catch (const Error& error) {
            return error;
        }
        return Error(ErrorCode::bug, "nothing was thrown");
    }
    TempDir dir_;
    crypto::KeyCache cache_{dir_.path() / "keys"};
    crypto::Identity admin_ = crypto::Identity::generate("acme-admin", now);
};

TEST_F(StrictEntry, GivesAnIdentityThatStays) {
    EXPECT_EQ(enter(ring::Seal()), nullptr);
    EXPECT_EQ(enter(sealed({})), nullptr);
    const auto first = enter(sealed({admin_.public_key()}), true);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->ring, "acme");
    EXPECT_FALSE(first->admin);
    EXPECT_EQ(first->epoch, 1767225600'000'000u);
    EXPECT_EQ(enter(sealed({admin_.public_key()}))->id(), first->id());
    struct stat status = {};
    ASSERT_EQ(::stat((dir_.path() / "data/ring.identity").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0400u);
}

TEST_F(StrictEntry, SignsCommandsWhereTheAdminsKeyIs) {
    auto secret = crypto::SigningSecretKey::from_text(admin_.to_text(), "it");
    cache_.store({secret.public_key(), std::move(secret)});
    EXPECT_TRUE(enter(sealed({admin_.public_key()}))->admin);
    EXPECT_FALSE(enter(sealed({crypto::Identity::generate("x", now).public_key()}))->admin)
        << "a key that this ring does not name";
}

TEST_F(StrictEntry, RefusesToGoBack) {
    EXPECT_EQ(refusal(sealed({}), true).code(), ErrorCode::usage);
    EXPECT_THAT(refusal(ring::Seal(), true).message(),
                HasSubstr("--ring-strict cannot be kept: there is no ring key"));
    const Error mixed = refusal(sealed({admin_.public_key()}, true));
    EXPECT_EQ(mixed.code(), ErrorCode::conflict);
    EXPECT_THAT(mixed.message(), HasSubstr("names no admins, and another live key does"));
    (void)enter(sealed({admin_.public_key()}));
    for (const bool keyed : {false, true}) {
        const Error error = refusal(keyed ? sealed({}) : ring::Seal());
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_THAT(error.message(), HasSubstr("is a member of a strict ring, but"));
        EXPECT_THAT(error.hint(), HasSubstr("ring.identity"));
    }
}

TEST_F(StrictEntry, SaysThatAnIdentityIsDamaged) {
    (void)enter(sealed({admin_.public_key()}));
    const fs::path file = dir_.path() / "data/ring.identity";
    fs::remove(file);
    write_file_atomic(file, "no key", {});
    const Error error = refusal(sealed({admin_.public_key()}));
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("ring.identity' is not a usable key"));
}

}  // namespace
}  // namespace hab::test
