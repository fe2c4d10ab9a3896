// SPDX-License-Identifier: Apache-2.0
// `hab plugin list` and `hab plugin info` with good and bad files.
#include <gmock/gmock.h>

#include <chrono>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class PluginCli : public WorldTest {
protected:
    /// Runs hab with one directory of plugins.
    RunResult hab(std::vector<std::string> words, std::map<std::string, std::string> env = {}) {
        env.emplace("HAB_PLUGIN_PATH", dir_.path().string());
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, {.env = env});
    }
    fs::path add(const std::string& fixture) {
        for (const auto& entry : fs::directory_iterator(build_dir() / "tests/plugins" / fixture)) {
            const auto to = dir_.path() / entry.path().filename();
            fs::copy_file(entry.path(), to);
            return to;
        }
        ADD_FAILURE() << "no fixture " << fixture;
        return {};
    }
    /// One field of the row of an id in `plugin list --format json`.
    std::string field(const Value& rows, const std::string& id, const std::string& key) {
        for (const auto& row : *rows.as_array()) {
            if (*row.as_object()->find("id")->as_string() == id) {
                return *row.as_object()->find(key)->as_string();
            }
        }
        return "no row";
    }
    TempDir dir_;
};

TEST_F(PluginCli, ListShowsGoodAndBadFiles) {
    add("good");
    add("abi-2");
    add("no-section");
    write_file_atomic(dir_.path() / "hab-exporter-text.so", "text");
    const auto list = hab({"plugin", "list"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("KIND"));
    const auto rows = parse_json(hab({"plugin", "list", "--format", "json"}).out, "list");
    EXPECT_EQ(field(rows, "good", "kind"), "exporter");
    EXPECT_EQ(field(rows, "good", "state"), "ok");
    EXPECT_EQ(field(rows, "good", "source"), "env");
    EXPECT_EQ(field(rows, "good", "version"), "1.2.3");
    EXPECT_EQ(field(rows, "mirror", "kind"), "topology");
    EXPECT_EQ(field(rows, "raw", "state"), "wrong-abi");
    EXPECT_EQ(field(rows, "raw", "reason"), "plugin needs abi 2.0, this hab speaks 1.0");
    EXPECT_EQ(field(rows, "hab-exporter-text.so", "reason"), "not an ELF file");
    EXPECT_EQ(field(rows, "hab-exporter-fixture-no-section.so", "state"), "broken");
    EXPECT_THAT(hab({"plugin", "list", "-a"}).out, HasSubstr(dir_.path().string()));
}

TEST_F(PluginCli, ListNeverRunsPluginCode) {
    add("undefined-symbol");  // could not even be loaded
    const auto rows = parse_json(hab({"plugin", "list", "--format", "json"}).out, "list");
    EXPECT_EQ(field(rows, "raw", "state"), "ok");
    const auto info = hab({"plugin", "info", "exporter/raw"});
    EXPECT_EQ(info.exit_code, 0) << info.err;
    EXPECT_THAT(info.out, HasSubstr("Problem    cannot load plugin"));
    EXPECT_THAT(info.out, HasSubstr("hab_test_symbol_that_nobody_defines"));
}

TEST_F(PluginCli, UntrustedDirectory) {
    add("good");
    fs::permissions(dir_.path(), fs::perms(0777));
    const auto rows = parse_json(hab({"plugin", "list", "--format", "json"}).out, "list");
    EXPECT_EQ(field(rows, "good", "state"), "untrusted");
    EXPECT_THAT(field(rows, "good", "reason"), HasSubstr("is writable by others"));
    const auto info = hab({"plugin", "info", "good"});
    EXPECT_THAT(info.out, HasSubstr("untrusted: its directory"));
    EXPECT_THAT(info.out, Not(HasSubstr("  Can ")));
}

TEST_F(PluginCli, SwitchedOff) {
    add("good");
    const auto list =
        hab({"plugin", "list", "--format", "json"}, {{"HAB_PLUGIN_DISABLE", "exporter/good"}});
    EXPECT_EQ(field(parse_json(list.out, "list"), "good", "state"), "disabled");
}

TEST_F(PluginCli, InfoShowsOptionsAndAbilities) {
    add("good");
    const auto info = hab({"plugin", "info", "exporter/good"});
    EXPECT_EQ(info.exit_code, 0) << info.err;
    for (const auto* part :
         {"exporter good 1.2.3\n", "Summary    Shows what it is given", "Vendor     Acme",
          "Licence    Apache-2.0", "Needs      root", "Can        plan, run, verify", "--level N",
          "How hard to try (int, default 3, env HAB_TEST_GOOD_LEVEL)", "one of json|text"}) {
        EXPECT_THAT(info.out, HasSubstr(part));
    }
    EXPECT_THAT(info.out, HasSubstr("Digest     blake2b:"));
    const auto studio = hab({"plugin", "info", "fake"});
    EXPECT_THAT(studio.out, HasSubstr("Usable     no: no \"root\" here"));
    const auto json = parse_json(hab({"plugin", "info", "fake", "--format", "json"}).out, "info");
    ASSERT_EQ(json.as_array()->size(), 1u);
}

TEST_F(PluginCli, APluginThatHangsInProbeCostsTwoSeconds) {
    add("hangs");
    const auto start = std::chrono::steady_clock::now();
    const auto info = hab({"plugin", "info", "studio/hangs"});
    EXPECT_EQ(info.exit_code, 0) << info.err;
    EXPECT_THAT(info.out, HasSubstr("Problem    it did not answer within 2 s"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST_F(PluginCli, MistakesExitWithASentence) {
    add("good");
    const auto unknown = hab({"plugin", "info", "goood"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("there is no plugin 'goood'"));
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'good'?"));
    const auto format = hab({"plugin", "list", "--format", "xml"});
    EXPECT_EQ(format.exit_code, 2);
    EXPECT_THAT(format.err, HasSubstr("there is no output format 'xml'"));
    EXPECT_EQ(format.out, "");
    EXPECT_EQ(hab({"plugin", "info"}).exit_code, 2);
}

TEST_F(PluginCli, APluginFileNamedOnTheCommandLineComesFirst) {
    const auto file = add("later");
    const TempDir elsewhere;
    fs::copy_file(file, elsewhere.path() / "any-name.so");
    const auto list =
        run({program("bin/hab").string(), "--plugin", (elsewhere.path() / "any-name.so").string(),
             "plugin", "list", "--format", "json"},
            {.env = {{"HAB_PLUGIN_PATH", dir_.path().string()}}});
    const auto rows = parse_json(list.out, "list");
    EXPECT_EQ(field(rows, "raw", "source"), "option");
}

}  // namespace
}  // namespace hab::test
