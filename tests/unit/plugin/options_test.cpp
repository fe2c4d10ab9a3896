// SPDX-License-Identifier: Apache-2.0
#include "plugin/options.hpp"

#include <gmock/gmock.h>

#include "fixtures.hpp"
#include "plugin/option_values.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

OptionMeta option(OptionType type, std::string name = "opt") {
    OptionMeta meta;
    meta.name = std::move(name);
    meta.type = type;
    meta.help = "Help";
    return meta;
}

EnvironmentLookup no_environment() {
    return [](const std::string&) { return std::nullopt; };
}

PluginMeta plugin(std::vector<OptionMeta> options) {
    PluginMeta meta;
    meta.id = "x";
    meta.options = std::move(options);
    return meta;
}

TEST(OptionValue, IsBroughtIntoTheFormTheAbiPromises) {
    EXPECT_EQ(canonical_value(option(OptionType::integer), "-007"), "-7");
    EXPECT_EQ(canonical_value(option(OptionType::boolean), "Yes"), "true");
    EXPECT_EQ(canonical_value(option(OptionType::boolean), "off"), "false");
    EXPECT_EQ(canonical_value(option(OptionType::size), "10M"), "10485760");
    EXPECT_EQ(canonical_value(option(OptionType::duration), "5s"), "5000");
    EXPECT_EQ(canonical_value(option(OptionType::path), "/a/../b"), "/b");
    EXPECT_EQ(canonical_value(option(OptionType::path), "x"), (fs::current_path() / "x").string());
    EXPECT_EQ(canonical_value(option(OptionType::list), " a, b ,,c"), "a,b,c");
    EXPECT_EQ(canonical_value(option(OptionType::ident), "core/nginx/1.2"), "core/nginx/1.2");
    EXPECT_EQ(canonical_value(option(OptionType::url), "https://h/p"), "https://h/p");
    EXPECT_EQ(canonical_value(option(OptionType::string), "as is "), "as is ");
}

struct BadValue {
    OptionType type;
    std::string value;
    std::string message;
};
class MalformedValue : public ::testing::TestWithParam<BadValue> {};

TEST_P(MalformedValue, IsAUsageError) {
    const auto error =
        error_of([&] { (void)canonical_value(option(GetParam().type), GetParam().value); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_EQ(error.message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedValue,
    ::testing::Values(
        BadValue{OptionType::integer, "3x",
                 "option --opt cannot be '3x': it is not a whole number"},
        BadValue{OptionType::integer, "99999999999999999999",
                 "option --opt cannot be '99999999999999999999': it is not a whole number"},
        BadValue{OptionType::boolean, "maybe",
                 "option --opt cannot be 'maybe': it is neither true nor false"},
        BadValue{OptionType::size, "9P", "option --opt cannot be '9P': it is not a size"},
        BadValue{OptionType::duration, "5", "option --opt cannot be '5': it is not a duration"},
        BadValue{OptionType::ident, "nginx",
                 "option --opt cannot be 'nginx': it is not a package identity"},
        BadValue{OptionType::ident, "a//b",
                 "option --opt cannot be 'a//b': it is not a package identity"},
        BadValue{OptionType::url, "host/path",
                 "option --opt cannot be 'host/path': it is not a URL"},
        BadValue{OptionType::path, "", "option --opt cannot be '': it is empty"},
        BadValue{OptionType::secret, "\xff", "option --opt cannot be used: it is not UTF-8 text"}));

TEST(OptionValue, ChoicesAreComparedAfterConversion) {
    auto meta = option(OptionType::size);
    meta.choices = {"1K", "2K"};
    EXPECT_EQ(canonical_value(meta, "1024"), "1024");
    EXPECT_EQ(error_of([&] { (void)canonical_value(meta, "3K"); }).message(),
              "option --opt cannot be '3K': it must be one of 1K, 2K");
}

TEST(OptionValue, SizesAndDurations) {
    EXPECT_EQ(parse_size("2KiB"), 2048u);
    EXPECT_EQ(parse_size("7B"), 7u);
    EXPECT_EQ(parse_size(""), std::nullopt);
    EXPECT_EQ(parse_size("-1"), std::nullopt);
    EXPECT_EQ(parse_size("9999999999T"), std::nullopt);
    EXPECT_EQ(parse_duration_ms("250ms"), 250u);
    EXPECT_EQ(parse_duration_ms("1d"), 86'400'000u);
    EXPECT_EQ(parse_duration_ms("1w"), std::nullopt);
    EXPECT_EQ(parse_duration_ms("99999999999999999d"), std::nullopt);
}

TEST(ResolveOptions, GivenThenEnvironmentThenDefault) {
    auto meta = option(OptionType::integer, "level");
    meta.env = "LEVEL";
    meta.default_value = "1";
    const EnvironmentLookup environment = [](const std::string& name) {
        return name == "LEVEL" ? std::optional<std::string>("2") : std::nullopt;
    };
    const auto level = [&](const OptionValues& given, const EnvironmentLookup& lookup) {
        return resolve_options(plugin({meta}), given, lookup).instance.at(0).second;
    };
    EXPECT_EQ(level({{"level", "3"}}, environment), "3");
    EXPECT_EQ(level({}, environment), "2");
    EXPECT_EQ(level({}, no_environment()), "1");
    EXPECT_EQ(level({}, [](const std::string&) { return std::optional<std::string>(""); }), "1");
}

TEST(ResolveOptions, PerRunOptionsAreKeptApart) {
    auto tag = option(OptionType::string, "tag");
    tag.per_run = tag.repeatable = true;
    const auto resolved =
        resolve_options(plugin({option(OptionType::string, "name"), tag}),
                        {{"tag", "a"}, {"name", "n"}, {"tag", "b"}}, no_environment());
    EXPECT_THAT(resolved.instance, ElementsAre(Pair("name", "n")));
    EXPECT_THAT(resolved.per_run, ElementsAre(Pair("tag", "a"), Pair("tag", "b")));
}

TEST(ResolveOptions, MistakesAreUsageErrors) {
    auto needed = option(OptionType::url, "registry");
    needed.required = true;
    needed.env = "REGISTRY";
    const auto meta = plugin({needed});
    const auto message = [&](const OptionValues& given) {
        const auto error = error_of([&] { (void)resolve_options(meta, given, no_environment()); });
        EXPECT_EQ(error.code(), ErrorCode::usage);
        return error.message() + " / " + error.hint();
    };
    EXPECT_EQ(message({}), "exporter x needs option --registry / Help (or set REGISTRY)");
    EXPECT_EQ(message({{"regisry", "x"}}),
              "exporter x has no option --regisry / did you mean --registry?");
    EXPECT_EQ(message({{"registry", "a://b"}, {"registry", "a://c"}}),
              "option --registry was given 2 times / give it once");
}

}  // namespace
}  // namespace hab::plugin::test
