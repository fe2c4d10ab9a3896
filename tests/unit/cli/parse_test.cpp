// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hpp"

namespace hab::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr OptionSpec options[] = {
    {"force", 'f', OptionKind::flag, {}, "force it"},
    {"channel", 'c', OptionKind::value, "CHANNEL", "which", "HAB_TEST_CHANNEL", "stable"},
    {"bind", '\0', OptionKind::list, "BIND", "binds"},
};
constexpr ArgumentSpec one[] = {{"IDENT", "what"}};
constexpr ArgumentSpec with_rest[] = {{"IDENT", "what"}, {"ARGS", "more", false, true}};

Arguments parse(std::vector<std::string> words) {
    return parse_arguments("pkg test", options, one, false, std::move(words));
}

std::string error_of(std::vector<std::string> words) {
    try {
        parse(std::move(words));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        return std::string(error.what()) + " | " + error.hint();
    }
    return "no error";
}

TEST(Parse, TakesOptionsInEveryForm) {
    const Arguments a =
        parse({"-f", "--channel=dev", "core/redis", "--bind", "a:b", "--bind", "c:d"});
    EXPECT_TRUE(a.flag("force"));
    EXPECT_EQ(a.get("channel"), "dev");
    EXPECT_THAT(a.all("bind"), ElementsAre("a:b", "c:d"));
    EXPECT_EQ(a.get("IDENT"), "core/redis");
    EXPECT_EQ(parse({"-cdev", "x"}).get("channel"), "dev");
    EXPECT_EQ(parse({"x", "-c", "dev"}).get("channel"), "dev");
}

TEST(Parse, PrecedenceIsLineThenEnvironmentThenDefault) {
    EXPECT_EQ(parse({"x"}).get("channel"), "stable");
    ::setenv("HAB_TEST_CHANNEL", "env", 1);
    EXPECT_EQ(parse({"x"}).get("channel"), "env");
    EXPECT_EQ(parse({"x"}).source("channel"), ValueSource::environment);
    EXPECT_EQ(parse({"x", "-c", "line"}).get("channel"), "line");
    ::setenv("HAB_TEST_CHANNEL", "", 1);
    EXPECT_EQ(parse({"x"}).get("channel"), "stable");
    ::unsetenv("HAB_TEST_CHANNEL");
}

TEST(Parse, DoesNotGuessButSuggests) {
    EXPECT_THAT(error_of({"--chanel", "x", "y"}), HasSubstr("did you mean '--channel'?"));
    EXPECT_THAT(error_of({"--chan", "x", "y"}),
                HasSubstr("has no option '--chan' | did you mean '--channel'?"));
    EXPECT_THAT(error_of({"--quux", "x", "y"}),
                HasSubstr("has no option '--quux' | see 'hab pkg test --help'"));
}

TEST(Parse, CountsArguments) {
    EXPECT_THAT(error_of({}), HasSubstr("needs IDENT"));
    EXPECT_THAT(error_of({"a", "b"}), HasSubstr("does not take 'b'"));
    EXPECT_THAT(error_of({"a", "--channel"}), HasSubstr("'--channel'"));
}

TEST(Parse, VerbatimWordsAreLeftAlone) {
    const Arguments a = parse_arguments("pkg exec", options, with_rest, true,
                                        {"-f", "core/redis", "sh", "-c", "--", "x"});
    EXPECT_TRUE(a.flag("force"));
    EXPECT_EQ(a.get("IDENT"), "core/redis");
    EXPECT_THAT(a.all("ARGS"), ElementsAre("sh", "-c", "--", "x"));
}

TEST(Parse, DoubleDashEndsOptions) {
    const Arguments a = parse_arguments("pkg x", options, with_rest, false, {"--", "-f", "--bind"});
    EXPECT_FALSE(a.flag("force"));
    EXPECT_EQ(a.get("IDENT"), "-f");
    EXPECT_THAT(a.all("ARGS"), ElementsAre("--bind"));
}

}  // namespace
}  // namespace hab::cli
