// SPDX-License-Identifier: Apache-2.0
#include "package/origin_trust.hpp"

#include <atomic>
#include <thread>

#include "package/install.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OriginTrustTest : public PackageTest {
protected:
    static crypto::SigningPublicKey key(int second, std::string_view origin = "acme") {
        return crypto::SigningKeyPair::generate(origin,
                                                WallTime{std::chrono::seconds(1767225600 + second)})
            .public_key;
    }
    Error refusal(const crypto::SigningPublicKey& key) const {
        return error_of([&] { trust_.check(key); });
    }

    OriginTrust trust_{dir_.path() / "etc" / "trust"};
};

TEST_F(OriginTrustTest, FirstKeyIsRememberedAndTheNextOneRefused) {
    const auto first = key(0);
    const auto second = key(1);
    EXPECT_EQ(trust_.check(first), TrustAnswer::first_use);
    EXPECT_FALSE(fs::exists(trust_.dir())) << "check changes nothing";
    trust_.admit(first);
    EXPECT_EQ(trust_.check(first), TrustAnswer::trusted);
    const Error error = refusal(second);
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("'acme-20260101000001' is not trusted"));
    EXPECT_THAT(error.hint(), HasSubstr("hab origin key trust acme-20260101000001"));
    EXPECT_THROW(trust_.admit(second), Error);
    EXPECT_EQ(trust_.check(key(1, "other")), TrustAnswer::first_use) << "origins are apart";
    trust_.trust(second, TrustReason::trusted);
    EXPECT_EQ(trust_.check(second), TrustAnswer::trusted);
    EXPECT_EQ(trust_.check(first), TrustAnswer::trusted);
    EXPECT_EQ(trust_.read("acme").keys.at(0).reason, TrustReason::first_use);
    EXPECT_EQ(trust_.read("acme").keys.at(1).reason, TrustReason::trusted);
}

TEST_F(OriginTrustTest, ChangedBytesAreRefusedAlways) {
    trust_.trust(key(0), TrustReason::generated);
    const auto impostor = key(0);
    EXPECT_THAT(refusal(impostor).message(), HasSubstr("is not the one that is trusted"));
    EXPECT_THAT(refusal(impostor).hint(), HasSubstr((trust_.dir() / "acme").string()));
    EXPECT_THAT(error_of([&] { trust_.trust(impostor, TrustReason::imported); }).message(),
                HasSubstr(impostor.fingerprint()));
    EXPECT_THROW(trust_.pin({impostor}), Error);
    EXPECT_THROW(trust_.require_trustable(impostor), Error);
    EXPECT_EQ(trust_.read("acme").keys.size(), 1u);
    EXPECT_FALSE(trust_.read("acme").pinned());
}

TEST_F(OriginTrustTest, PinningLeavesExactlyTheNamedKeys) {
    const auto old = key(0);
    const auto good = key(1);
    const auto later = key(2);
    trust_.trust(old, TrustReason::generated);
    trust_.pin({good});
    EXPECT_EQ(trust_.check(good), TrustAnswer::trusted);
    EXPECT_THAT(refusal(old).message(), HasSubstr("is pinned to acme-20260101000001"));
    EXPECT_THAT(refusal(old).hint(),
                HasSubstr("hab origin key pin acme-20260101000001 acme-20260101000000"));
    trust_.trust(later, TrustReason::imported);
    EXPECT_THROW(trust_.check(later), Error) << "an import does not undo a pin";
    trust_.pin({old, later});
    EXPECT_THROW(trust_.check(good), Error) << "pinning again replaces the list";
    EXPECT_EQ(trust_.check(later), TrustAnswer::trusted);
    trust_.unpin("acme");
    for (const auto& each : {old, good, later})
        EXPECT_EQ(trust_.check(each), TrustAnswer::trusted);
    EXPECT_EQ(error_of([&] { trust_.unpin("acme"); }).code(), ErrorCode::not_found);
    EXPECT_EQ(error_of([&] { trust_.pin({old, key(0, "other")}); }).code(), ErrorCode::usage);
    EXPECT_FALSE(trust_.read("acme").pinned());
}

TEST_F(OriginTrustTest, DamagedFilesAreNamedAndNeverMeanUnknown) {
    const auto known = key(0);
    trust_.admit(known);
    const std::string entry =
        known.name().to_string() + " " + known.fingerprint() + " first-use 20260101000000";
    const auto why = [&](const std::string& text) {
        write_file_atomic(trust_.dir() / "acme", text);
        const Error error = refusal(known);
        EXPECT_EQ(error.code(), ErrorCode::invalid_input) << text;
        EXPECT_FALSE(error.hint().empty());
        return error.message();
    };
    EXPECT_THAT(why(""), HasSubstr("line 1 of '" + (trust_.dir() / "acme").string()));
    EXPECT_THAT(why("TRUST-2\n" + entry), HasSubstr("it is not 'TRUST-1'"));
    EXPECT_THAT(why("TRUST-1\n"), HasSubstr("there is no key"));
    EXPECT_THAT(why("TRUST-1\n" + entry.substr(0, 60)), HasSubstr("line 2"));
    EXPECT_THAT(why("TRUST-1\n" + entry + " nailed"), HasSubstr("four words"));
    EXPECT_THAT(why("TRUST-1\n" + entry + "\n" + entry), HasSubstr("line 3"));
    EXPECT_THAT(why("TRUST-1\nother" + entry.substr(4)), HasSubstr("key of another origin"));
    EXPECT_THAT(why("TRUST-1\nacme-1 x first-use y"), HasSubstr("'acme-1' is not the name"));
    EXPECT_THAT(why("TRUST-1\nacme-20260101000000 xx first-use 20260101000000"),
                HasSubstr("not a fingerprint"));
    std::string unreasonable = entry;
    unreasonable.replace(entry.find("first-use"), 9, "whatever!");
    EXPECT_THAT(why("TRUST-1\n" + unreasonable), HasSubstr("'whatever!' is not a reason"));
    EXPECT_THAT(why("TRUST-1\n" + entry + "0"), HasSubstr("not a time"));
    write_file_atomic(trust_.dir() / "acme", "TRUST-1\n" + entry + "\n");
    EXPECT_EQ(trust_.check(known), TrustAnswer::trusted);
}

TEST_F(OriginTrustTest, NamesThatAreNoOriginsNeverBecomeFiles) {
    for (const char* name : {"redis.default@acme", ".lock", "Acme"}) {
        const crypto::SigningPublicKey odd({name, "20260101000000"}, Bytes(32));
        EXPECT_THAT(refusal(odd).message(), HasSubstr("not the name of an origin")) << name;
    }
}

TEST_F(OriginTrustTest, OfManyAtOnceOneFirstKeyWins) {
    std::vector<crypto::SigningPublicKey> keys;
    for (int i = 0; i < 8; ++i)
        keys.push_back(key(i));
    std::atomic<int> admitted = 0;
    {
        std::vector<std::jthread> threads;
        for (const auto& each : keys) {
            threads.emplace_back([&] {
                try {
                    trust_.admit(each);
                    ++admitted;
                } catch (const Error& error) {
                    EXPECT_THAT(error.message(), HasSubstr("is not trusted"));
                }
            });
        }
    }
    EXPECT_EQ(admitted, 1);
    EXPECT_EQ(trust_.read("acme").keys.size(), 1u);
    EXPECT_THAT(trust_.origins(), ElementsAre("acme"));
}

TEST_F(OriginTrustTest, OperatorsAtOnceLoseNothing) {
    std::vector<crypto::SigningPublicKey> keys;
    for (int i = 0; i < 8; ++i)
        keys.push_back(key(i));
    {
        std::vector<std::jthread> threads;
        for (const auto& each : keys)
            threads.emplace_back([&] { trust_.trust(each, TrustReason::imported); });
    }
    EXPECT_EQ(trust_.read("acme").keys.size(), keys.size());
}

TEST_F(OriginTrustTest, InstallAsksAndRemembers) {
    Installer installer(store_, keys_, {}, {});
    installer.install_file(make_hart(ident("acme/one/1.0/20260101000000")));
    const OriginTrust trust = OriginTrust::from(store_.paths());
    EXPECT_EQ(trust.read("acme").keys.at(0).fingerprint, pair_.public_key.fingerprint());
    // A key that merely appeared in the cache.
    pair_ = crypto::SigningKeyPair::generate("acme", WallTime{std::chrono::seconds(1767225660)});
    keys_.store(pair_);
    const auto hart = make_hart(ident("acme/two/1.0/20260101000000"));
    const Error error = error_of([&] { installer.install_file(hart); });
    EXPECT_THAT(error.message(), HasSubstr("'acme-20260101000100' is not trusted"));
    EXPECT_FALSE(store_.has(ident("acme/two/1.0/20260101000000")));
    trust.trust(pair_.public_key, TrustReason::trusted);
    installer.install_file(hart);
    EXPECT_TRUE(store_.has(ident("acme/two/1.0/20260101000000")));
}

TEST_F(OriginTrustTest, WhatIsNotVerifiedIsNotRemembered) {
    const auto hart = make_hart(ident("acme/one/1.0/20260101000000"));
    std::string bytes = read_file(hart);
    bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
    write_file_atomic(hart, bytes);
    Installer installer(store_, keys_, {}, {});
    EXPECT_THROW(installer.install_file(hart), Error);
    EXPECT_TRUE(OriginTrust::from(store_.paths()).read("acme").keys.empty());
}

}  // namespace
}  // namespace hab::package
