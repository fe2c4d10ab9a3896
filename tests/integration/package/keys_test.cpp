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

}  // namespace
}  // namespace hab::test
