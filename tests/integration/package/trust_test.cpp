// SPDX-License-Identifier: Apache-2.0
// Which keys may sign for an origin, as an operator meets it.
#include <gmock/gmock.h>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using package::Ident;
using package::Target;
using ::testing::HasSubstr;
using ::testing::Not;

class Trust : public WorldTest {
protected:
    RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
    static crypto::SigningKeyPair pair(int second) {
        return crypto::SigningKeyPair::generate(
            "acme", WallTime{std::chrono::seconds(1767225600 + second)});
    }
    /// The artifact of a small package, signed with a key.
    std::string make(const std::string& name, const crypto::SigningKeyPair& key) {
        const Ident ident = Ident::parse("acme/" + name + "/1.0/20260101000000");
        const fs::path tree = "/hab/work/" + name;
        fs::create_directories(tree);
        package::write_metafile(tree, "IDENT", ident.to_string());
        package::write_metafile(tree, "TARGET", Target::active().name());
        const fs::path out = "/hab/work/" + name + ".hart";
        package::HartWriteOptions options;
        options.compression = {package::Compression::zstd, 1};
        package::write_hart(tree, ident, key.secret_key, out, options);
        return out.string();
    }
    bool installed(const std::string& name) {
        return fs::exists("/hab/pkgs/acme/" + name + "/1.0/20260101000000");
    }

    const crypto::KeyCache cache_{"/hab/cache/keys"};
};

TEST_F(Trust, AKeyThatAppearedIsRefusedUntilTheOperatorTrustsIt) {
    const auto first = pair(0);
    const auto second = pair(1);
    cache_.store(first);
    const std::string one = make("one", first);
    EXPECT_THAT(hab({"pkg", "verify", one}).out, HasSubstr("no key of the origin 'acme' is known"));
    ASSERT_EQ(hab({"pkg", "install", one}).exit_code, 0);
    EXPECT_THAT(hab({"pkg", "verify", one}).out, Not(HasSubstr("is known here yet")));
    cache_.store(second);
    const std::string two = make("two", second);
    for (const char* command : {"install", "verify"}) {
        const RunResult refused = hab({"pkg", command, two});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_THAT(refused.err, HasSubstr("the key 'acme-20260101000001' is not trusted"));
        EXPECT_THAT(refused.err, HasSubstr("hab origin key trust acme-20260101000001"));
    }
    EXPECT_FALSE(installed("two"));
    const std::string wrong(64, 'a');
    EXPECT_EQ(
        hab({"origin", "key", "trust", "acme-20260101000001", "--fingerprint", wrong}).exit_code,
        1);
    EXPECT_EQ(hab({"origin", "key", "trust", "acme-20260101000001", "--fingerprint",
                   second.public_key.fingerprint()})
                  .exit_code,
              0);
    EXPECT_EQ(hab({"pkg", "install", two}).exit_code, 0);
    EXPECT_TRUE(installed("two"));
}

TEST_F(Trust, ImportingIsTrustingAndGeneratingToo) {
    ASSERT_EQ(hab({"origin", "key", "generate", "acme"}).exit_code, 0);
    const auto other = pair(1);
    const std::string two = make("two", other);
    EXPECT_THAT(hab({"pkg", "install", two}).err, HasSubstr("is not in the key cache"));
    const RunResult imported =
        hab({"origin", "key", "import"}, {.input = other.public_key.to_text()});
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_EQ(hab({"pkg", "install", two}).exit_code, 0);
    const auto impostor = pair(1);
    const RunResult clash = hab({"origin", "key", "import", "--cache-key-path", "/hab/elsewhere"},
                                {.input = impostor.public_key.to_text()});
    EXPECT_EQ(clash.exit_code, 1);
    EXPECT_THAT(clash.err, HasSubstr("is not the one that is trusted under this name"));
    EXPECT_FALSE(fs::exists("/hab/elsewhere")) << "nothing is half done";
}

TEST_F(Trust, AReplacedKeyFileIsRefusedAlways) {
    const auto first = pair(0);
    cache_.store(first);
    ASSERT_EQ(hab({"pkg", "install", make("one", first)}).exit_code, 0);
    fs::remove_all("/hab/cache/keys");
    const auto impostor = pair(0);
    cache_.store(impostor);
    const std::string two = make("two", impostor);
    const RunResult refused = hab({"pkg", "install", two});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("is not the one that is trusted under this name"));
    EXPECT_EQ(hab({"origin", "key", "trust", "acme-20260101000000"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "install", two}).exit_code, 1);
    EXPECT_THAT(hab({"origin", "key", "list"}).out, HasSubstr("replaced"));
}

TEST_F(Trust, PinnedOriginsTakeNothingElse) {
    const auto first = pair(0);
    const auto second = pair(1);
    cache_.store(first);
    cache_.store(second);
    ASSERT_EQ(hab({"pkg", "install", make("one", first)}).exit_code, 0);
    ASSERT_EQ(hab({"origin", "key", "pin", "acme-20260101000001"}).exit_code, 0);
    const RunResult refused = hab({"pkg", "install", make("three", first)});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("the origin 'acme' is pinned to acme-20260101000001"));
    EXPECT_EQ(hab({"pkg", "install", make("two", second)}).exit_code, 0);
    const RunResult imported =
        hab({"origin", "key", "import"}, {.input = pair(2).public_key.to_text()});
    EXPECT_EQ(imported.exit_code, 0);
    EXPECT_THAT(imported.err, HasSubstr("'acme-20260101000002' does not count until"));
    EXPECT_EQ(hab({"origin", "key", "pin", "--off", "acme"}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "install", make("three", first)}).exit_code, 0);
    EXPECT_EQ(hab({"origin", "key", "pin", "--off", "acme"}).exit_code, 1);
    EXPECT_EQ(hab({"origin", "key", "pin", "--off"}).exit_code, 2);
    EXPECT_EQ(hab({"origin", "key", "pin", "acme"}).exit_code, 2);
    EXPECT_EQ(hab({"origin", "key", "trust", "acme-20300101000000"}).exit_code, 1);
}

TEST_F(Trust, ListShowsWhatIsKnownAndWhatOnlyLiesThere) {
    const auto first = pair(0);
    cache_.store(first);
    EXPECT_THAT(hab({"origin", "key", "list"}).out, HasSubstr("unknown origin"));
    ASSERT_EQ(hab({"pkg", "install", make("one", first)}).exit_code, 0);
    cache_.store(pair(1));
    const RunResult listed = hab({"origin", "key", "list", "acme", "--format", "json"});
    const Value rows = parse_json(listed.out, "the list");
    ASSERT_EQ(rows.as_array()->size(), 2u);
    const Value& trusted = (*rows.as_array())[0];
    EXPECT_EQ(*trusted.at_path("key")->as_string(), "acme-20260101000000");
    EXPECT_EQ(*trusted.at_path("state")->as_string(), "trusted");
    EXPECT_EQ(*trusted.at_path("reason")->as_string(), "first-use");
    EXPECT_EQ(*trusted.at_path("fingerprint")->as_string(), first.public_key.fingerprint());
    EXPECT_TRUE(*trusted.at_path("secret")->as_bool());
    EXPECT_EQ(*(*rows.as_array())[1].at_path("state")->as_string(), "not trusted");
    EXPECT_EQ(hab({"origin", "key", "list", "other", "--format", "json"}).out, "[]\n");
    EXPECT_EQ(hab({"origin", "key", "list", "--format", "xml"}).exit_code, 2);
}

TEST_F(Trust, ADamagedFileStopsTheInstall) {
    const auto first = pair(0);
    cache_.store(first);
    fs::create_directories("/hab/etc/trust");
    write_file_atomic("/hab/etc/trust/acme", "TRUST-1\nnonsense\n");
    const RunResult refused = hab({"pkg", "install", make("one", first)});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("line 2 of '/hab/etc/trust/acme' is damaged"));
    EXPECT_FALSE(installed("one"));
}

TEST_F(Trust, DeathWhileRememberingLeavesAllOrNothing) {
    const auto first = pair(0);
    cache_.store(first);
    const std::string one = make("one", first);
    for (const char* point :
         {"trust.write=kill", "files.write:/hab/etc/trust=kill", "files.fsync:/hab/etc/trust=kill",
          "files.rename:/hab/etc/trust=kill"}) {
        fs::remove_all("/hab/etc");
        EXPECT_EQ(hab({"pkg", "install", one}, {.env = {{"HAB_FAIL_POINTS", point}}}).exit_code,
                  128 + SIGKILL)
            << point;
        EXPECT_FALSE(installed("one") && !fs::exists("/hab/etc/trust/acme")) << point;
        EXPECT_EQ(hab({"pkg", "install", one}).exit_code, 0) << point;
        EXPECT_TRUE(fs::exists("/hab/etc/trust/acme")) << point;
        fs::remove_all("/hab/pkgs");
    }
}

}  // namespace
}  // namespace hab::test
