// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "cli/parse.hpp"

namespace hab::cli {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
protected:
    Settings with(std::string_view text) {
        write_file_atomic(file_, text);
        return Settings(file_);
    }
    std::string reason(std::string_view text) {
        try {
            (void)with(text).get("origin");
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            EXPECT_FALSE(error.hint().empty());
            return error.message();
        }
        return "no error";
    }
    static mode_t mode_of(const fs::path& path) {
        struct stat info{};
        EXPECT_EQ(::stat(path.c_str(), &info), 0);
        return info.st_mode & 07777;
    }

    TempDir dir_;
    fs::path file_ = dir_.path() / "cli.toml";
};

constexpr OptionSpec options[] = {{.name = "origin",
                                   .kind = OptionKind::value,
                                   .env = "HAB_TEST_ORIGIN",
                                   .default_value = "built-in",
                                   .setting = "origin"}};
constexpr ArgumentSpec arguments[] = {
    {.name = "ORIGIN", .env = "HAB_TEST_ORIGIN", .setting = "origin"}};

TEST_F(SettingsTest, ReadsTextAndTakesEmptyAsUnset) {
    const Settings settings = with("origin = \"acme\"\nbldr_url = \"\"\n");
    EXPECT_EQ(settings.get("origin"), "acme");
    EXPECT_EQ(settings.get("bldr_url"), std::nullopt);
    EXPECT_EQ(settings.get("auth_token"), std::nullopt);
    EXPECT_EQ(Settings(dir_.path() / "none").get("origin"), std::nullopt);
}

TEST_F(SettingsTest, BadFilesAreNamedWithTheirLine) {
    EXPECT_THAT(reason("origin = acme\n"), HasSubstr("cli.toml:1:"));
    EXPECT_THAT(reason("\n\norigin = 7\n"), HasSubstr("cli.toml:3: 'origin' must be a string"));
    EXPECT_THAT(reason("[origin]\nname = \"acme\"\n"), HasSubstr("must be a string"));
}

TEST_F(SettingsTest, PrecedenceIsLineThenEnvironmentThenFileThenDefault) {
    const Settings settings = with("origin = \"file\"\n");
    const auto parse = [&](std::vector<std::string> words, bool with_file = true) {
        SettingLookup lookup;
        if (with_file) lookup = [&](std::string_view key) { return settings.get(key); };
        return parse_arguments("pkg x", options, {}, false, std::move(words), lookup);
    };
    ::unsetenv("HAB_TEST_ORIGIN");
    EXPECT_EQ(parse({}, false).get("origin"), "built-in");
    EXPECT_EQ(parse({}).get("origin"), "file");
    EXPECT_EQ(parse({}).source("origin"), ValueSource::settings_file);
    ::setenv("HAB_TEST_ORIGIN", "", 1);
    EXPECT_EQ(parse({}).get("origin"), "file") << "an empty variable is an unset one";
    ::setenv("HAB_TEST_ORIGIN", "env", 1);
    EXPECT_EQ(parse({}).get("origin"), "env");
    EXPECT_EQ(parse({"--origin", "line"}).get("origin"), "line");
    ::unsetenv("HAB_TEST_ORIGIN");
}

TEST_F(SettingsTest, GivesArgumentsToo) {
    const Settings settings = with("origin = \"file\"\n");
    const auto parse = [&](std::vector<std::string> words, const SettingLookup& lookup) {
        return parse_arguments("pkg x", {}, arguments, false, std::move(words), lookup);
    };
    const SettingLookup lookup = [&](std::string_view key) { return settings.get(key); };
    EXPECT_EQ(parse({}, lookup).get("ORIGIN"), "file");
    EXPECT_EQ(parse({"line"}, lookup).get("ORIGIN"), "line");
    EXPECT_THROW(parse({}, {}), Error) << "required, and nobody says it";
}

TEST_F(SettingsTest, ABadFileDoesNotMatterToWhoDoesNotAsk) {
    const Settings settings = with("this is not TOML");
    const SettingLookup lookup = [&](std::string_view key) { return settings.get(key); };
    EXPECT_EQ(
        parse_arguments("pkg x", options, {}, false, {"--origin", "line"}, lookup).get("origin"),
        "line");
    EXPECT_THROW(parse_arguments("pkg x", options, {}, false, {}, lookup), Error);
}

TEST_F(SettingsTest, FilesWithSecretsAreForTheirOwnerOnly) {
    const fs::path file = dir_.path() / "etc" / "cli.toml";
    Object table;
    table.set("origin", "acme");
    write_settings(file, Value(table));
    EXPECT_EQ(mode_of(file), 0644u);
    table.set("auth_token", "s3cret \"quoted\"");
    write_settings(file, Value(table));
    EXPECT_EQ(mode_of(file), 0600u);
    EXPECT_EQ(Settings(file).get("auth_token"), "s3cret \"quoted\"");
    EXPECT_EQ(Settings(file).get("origin"), "acme");
}

}  // namespace
}  // namespace hab::cli
