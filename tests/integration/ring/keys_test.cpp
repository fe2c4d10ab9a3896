// SPDX-License-Identifier: Apache-2.0
// hab ring key … as a person meets it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class RingKeys : public WorldTest {
protected:
    RunResult hab(std::vector<std::string> arguments, const std::string& input = {},
                  const std::string& cache = "/hab/cache/keys") {
        arguments.insert(arguments.begin(), {program("bin/hab").string(), "ring", "key"});
        return run(arguments, {.env = {{"HAB_CACHE_KEY_PATH", cache}}, .input = input});
    }
    static std::vector<fs::path> files(const fs::path& directory) {
        return {fs::directory_iterator(directory), {}};
    }
};

TEST_F(RingKeys, GoFromOneMachineToAnother) {
    const RunResult made = hab({"generate", "acme"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("Generated ring key acme-20"));
    const auto ours = files("/hab/cache/keys");
    ASSERT_EQ(ours.size(), 1u);
    EXPECT_THAT(ours[0].filename().string(), MatchesRegex("acme-[0-9]{14}\\.sym\\.key"));
    struct stat status = {};
    ASSERT_EQ(::stat(ours[0].c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0400u);

    const RunResult text = hab({"export", "acme"});
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_THAT(text.out, ::testing::StartsWith("SYM-SEC-1\nacme-20"));
    const RunResult there = hab({"import"}, text.out, "/hab/there");
    EXPECT_EQ(there.exit_code, 0) << there.err;
    EXPECT_EQ(read_file(fs::path("/hab/there") / ours[0].filename()), read_file(ours[0]));
    EXPECT_EQ(hab({"import"}, text.out, "/hab/there").exit_code, 0) << "again is fine";
}

TEST_F(RingKeys, ASecondKeyOfTheSameSecondIsAnother) {
    EXPECT_EQ(hab({"generate", "acme"}).exit_code, 0);
    EXPECT_EQ(hab({"generate", "acme"}).exit_code, 0);
    EXPECT_EQ(files("/hab/cache/keys").size(), 2u);
}

TEST_F(RingKeys, MistakesAreSaidAndLeaveNothingBehind) {
    const RunResult name = hab({"generate", "a/b"});
    EXPECT_EQ(name.exit_code, 2);
    EXPECT_THAT(name.err, HasSubstr("'a/b' is not a valid ring name"));
    EXPECT_EQ(hab({"generate"}).exit_code, 2);
    const RunResult none = hab({"export", "acme"});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("there is no key of the ring 'acme'"));
    EXPECT_THAT(none.err, HasSubstr("hab ring key generate acme"));
    const RunResult garbage = hab({"import"}, "not a key");
    EXPECT_EQ(garbage.exit_code, 1);
    EXPECT_THAT(garbage.err, HasSubstr("standard input is not a usable key"));
    EXPECT_EQ(hab({"import"}, "").exit_code, 1);
    const RunResult traversal =
        hab({"import"}, "SYM-SEC-1\n../x-20260101000000\n\n" + std::string(43, 'A') + "=");
    EXPECT_EQ(traversal.exit_code, 1);
    EXPECT_FALSE(fs::exists("/hab/cache/keys"));
}

TEST_F(RingKeys, ADifferentKeyOfTheSameNameIsNotTaken) {
    EXPECT_EQ(hab({"generate", "acme"}).exit_code, 0);
    const std::string ours = hab({"export", "acme"}).out;
    std::string other = ours;
    char& first = other[other.find("\n\n") + 2];
    first = first == 'A' ? 'B' : 'A';
    const RunResult refused = hab({"import"}, other);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("the key cache has a different key"));
    EXPECT_EQ(hab({"export", "acme"}).out, ours);
}

}  // namespace
}  // namespace hab::test
