// SPDX-License-Identifier: Apache-2.0
// hab origin key … as a person meets it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Keys : public WorldTest {
protected:
    RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
};

TEST_F(Keys, TravelFromOneCacheToAnother) {
    ASSERT_EQ(hab({"origin", "key", "generate", "acme"}).exit_code, 0);
    const RunResult pub = hab({"origin", "key", "export", "acme"});
    const RunResult sec = hab({"origin", "key", "export", "acme", "--type", "secret"});
    EXPECT_THAT(pub.out, StartsWith("SIG-PUB-1\nacme-"));
    EXPECT_THAT(sec.out, StartsWith("SIG-SEC-1\nacme-"));
    const RunOptions elsewhere{.env = {{"HAB_CACHE_KEY_PATH", "/hab/other"}}, .input = pub.out};
    const RunResult imported = hab({"origin", "key", "import"}, elsewhere);
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_EQ(hab({"origin", "key", "export", "acme", "--cache-key-path", "/hab/other"}).out,
              pub.out);
    EXPECT_EQ(hab({"origin", "key", "export", "acme", "-t", "secret"}, elsewhere).exit_code, 1);
}

TEST_F(Keys, OriginComesFromTheEnvironmentToo) {
    EXPECT_EQ(hab({"origin", "key", "generate"}, {.env = {{"HAB_ORIGIN", "acme"}}}).exit_code, 0);
    EXPECT_EQ(hab({"origin", "key", "generate"}, {.env = {{"HAB_ORIGIN", ""}}}).exit_code, 2);
    const RunResult bad = hab({"origin", "key", "generate", "Not An Origin"});
    EXPECT_EQ(bad.exit_code, 2);
    EXPECT_THAT(bad.err, HasSubstr("is not a valid origin name"));
}

TEST_F(Keys, GarbageIsRefusedAndNothingIsStored) {
    const RunResult result = hab({"origin", "key", "import"}, {.input = "SIG-PUB-1\nacme\n\nx"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("standard input is not a usable key"));
    EXPECT_THAT(result.err, HasSubstr("hint: "));
    EXPECT_FALSE(fs::exists("/hab/cache/keys"));
    EXPECT_EQ(hab({"origin", "key", "export", "nobody"}).exit_code, 1);
    EXPECT_EQ(hab({"origin", "key", "export", "nobody", "--type", "x"}).exit_code, 2);
}

TEST_F(Keys, EncryptionKeysOfUsersAndServices) {
    const auto mode = [](const fs::path& path) {
        struct stat info{};
        return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
    };
    const auto only = [](const std::string& end) {
        for (const auto& entry : fs::directory_iterator("/hab/cache/keys"))
            if (entry.path().string().ends_with(end)) return entry.path();
        return fs::path();
    };
    ASSERT_EQ(hab({"user", "key", "generate", "bob"}).exit_code, 0);
    EXPECT_THAT(read_file(only(".pub")), StartsWith("BOX-PUB-1\nbob-"));
    EXPECT_EQ(mode(only(".box.key")), 0400u);
    EXPECT_EQ(mode(only(".pub")), 0444u);
    fs::remove_all("/hab/cache/keys");
    ASSERT_EQ(hab({"svc", "key", "generate", "redis.default", "acme"}).exit_code, 0);
    EXPECT_THAT(read_file(only(".box.key")), StartsWith("BOX-SEC-1\nredis.default@acme-"));
    EXPECT_EQ(hab({"user", "key", "generate", "b/b"}).exit_code, 2);
    EXPECT_EQ(hab({"user", "key", "generate"}).exit_code, 2);
}

TEST_F(Keys, OrganisationComesFromEitherVariable) {
    const auto made = [&](const RunOptions& options, const std::string& group) {
        return hab({"svc", "key", "generate", group}, options).out;
    };
    EXPECT_THAT(made({.env = {{"HABITAT_ORG", "new"}, {"HAB_ORG", "old"}}}, "a.default"),
                HasSubstr("a.default@new-"));
    EXPECT_THAT(made({.env = {{"HABITAT_ORG", ""}, {"HAB_ORG", "old"}}}, "b.default"),
                HasSubstr("b.default@old-"));
    EXPECT_THAT(made({.env = {{"HABITAT_ORG", "new"}}}, "c.default@own"),
                HasSubstr("c.default@own-"));
    const RunResult none = hab({"svc", "key", "generate", "d.default"});
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_THAT(none.err, HasSubstr("no organisation was given"));
}

TEST_F(Keys, DefaultOriginComesFromCliToml) {
    fs::create_directories("/hab/etc");
    write_file_atomic("/hab/etc/cli.toml", "origin = \"acme\"\n");
    EXPECT_THAT(hab({"origin", "key", "generate"}).out,
                HasSubstr("Generating origin key for acme"));
    EXPECT_THAT(hab({"origin", "key", "generate"}, {.env = {{"HAB_ORIGIN", "other"}}}).out,
                HasSubstr("Generating origin key for other"));
    write_file_atomic("/hab/etc/cli.toml", "origin = \n");
    const RunResult bad = hab({"origin", "key", "generate"});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr("/hab/etc/cli.toml:1:"));
    EXPECT_EQ(hab({"origin", "key", "generate", "third"}).exit_code, 0);
}

}  // namespace
}  // namespace hab::test
