// SPDX-License-Identifier: Apache-2.0
#include "cli/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"

namespace hab::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::array<std::string_view, 1> also_install{"install"};
constexpr std::array<std::string_view, 1> also_start{"sup start"};
constexpr std::array<std::string_view, 2> also_stop{"stop", "sup stop"};

const std::vector<Command>& table() {
    static const std::vector<Command> commands = [] {
        std::vector<Command> list(8);
        list[0].path = "pkg install";
        list[1].path = "pkg info";
        list[2].path = "svc start";
        list[3].path = "svc status";
        list[4].path = "svc stop";
        list[5].path = "start";
        list[6].path = "pkg internals";
        list[6].hidden = true;
        list[7].path = "config show";
        list[0].also = also_install;
        list[5].also = also_start;
        list[4].also = also_stop;
        return list;
    }();
    return commands;
}

std::string_view path_of(std::vector<std::string> words) {
    const CommandLine line = resolve_command(table(), std::move(words));
    return line.command != nullptr ? line.command->path : std::string_view("none");
}

std::string error_of(std::vector<std::string> words) {
    try {
        const CommandLine line = resolve_command(table(), std::move(words));
        if (line.command == nullptr && !line.rest.empty()) refuse_unknown_command(table(), line);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        return error.message() + " | " + error.hint();
    }
    return "no error";
}

TEST(Resolve, FindsCommandsAndKeepsTheRest) {
    const CommandLine line =
        resolve_command(table(), {"--plugin", "x.so", "pkg", "install", "core/redis", "-f"});
    ASSERT_NE(line.command, nullptr);
    EXPECT_EQ(line.command->path, "pkg install");
    EXPECT_THAT(line.plugin_files, ElementsAre("x.so"));
    EXPECT_THAT(line.rest, ElementsAre("core/redis", "-f"));
}

TEST(Resolve, TakesAWordThatMeansOneThing) {
    EXPECT_EQ(path_of({"svc", "stat"}), "svc status");
    EXPECT_EQ(path_of({"p", "ins"}), "pkg install");
    EXPECT_EQ(path_of({"co", "sh"}), "config show");
    EXPECT_EQ(resolve_command(table(), {"sv", "sto", "x"}).words, "svc stop");
}

TEST(Resolve, AWholeWordWinsOverLongerOnes) {
    EXPECT_EQ(path_of({"start", "st"}), "start") << "arguments are never taken for commands";
    EXPECT_THAT(resolve_command(table(), {"start", "st"}).rest, ElementsAre("st"));
}

TEST(Resolve, ACommandHasOtherWords) {
    EXPECT_EQ(path_of({"install", "core/redis"}), "pkg install");
    EXPECT_EQ(path_of({"sup", "start"}), "start");
    EXPECT_EQ(path_of({"sup", "stop"}), "svc stop");
    const CommandLine line = resolve_command(table(), {"stop", "core/redis", "install"});
    EXPECT_EQ(line.words, "svc stop") << "errors and completion speak of the command itself";
    EXPECT_THAT(line.rest, ElementsAre("core/redis", "install"));
}

TEST(Resolve, OtherWordsMayBeCutShortWhereNoCommandBeginsSo) {
    EXPECT_EQ(path_of({"ins"}), "pkg install");
    EXPECT_EQ(path_of({"sup", "sta"}), "start");
    EXPECT_EQ(path_of({"st"}), "start") << "not 'stop', which is another word for 'svc stop'";
    EXPECT_EQ(path_of({"sto"}), "svc stop");
    EXPECT_THAT(error_of({"sup", "st"}), HasSubstr("say 'hab sup stop' or 'hab sup start'"));
    EXPECT_THAT(next_words(table(), "sup"), ElementsAre()) << "they are not offered";
}

TEST(Resolve, NamesWhatAShortWordCouldMean) {
    EXPECT_EQ(error_of({"svc", "sta"}),
              "'hab svc sta' is short for several commands | say 'hab svc start' or 'hab svc "
              "status'");
    EXPECT_EQ(error_of({"svc", "st"}),
              "'hab svc st' is short for several commands | say 'hab svc start', 'hab svc "
              "status' or 'hab svc stop'");
}

TEST(Resolve, HiddenCommandsHaveToBeWrittenOut) {
    EXPECT_EQ(path_of({"pkg", "internals"}), "pkg internals");
    EXPECT_EQ(path_of({"pkg", "intern"}), "none");
}

TEST(Resolve, OptionsAndNothingAreNoPrefixes) {
    EXPECT_EQ(path_of({"pkg", "--help"}), "none");
    EXPECT_EQ(path_of({"pkg", ""}), "none");
    EXPECT_EQ(path_of({}), "none");
}

TEST(Resolve, SaysWhatWasProbablyMeant) {
    EXPECT_THAT(error_of({"scv"}), HasSubstr("did you mean 'hab svc'?"));
    EXPECT_THAT(error_of({"scv", "stauts"}), HasSubstr("did you mean 'hab svc status'?"));
    EXPECT_THAT(error_of({"pkg", "isntall"}), HasSubstr("did you mean 'hab pkg install'?"));
    EXPECT_THAT(error_of({"info", "core/redis"}), HasSubstr("did you mean 'hab pkg info'?"));
    EXPECT_EQ(error_of({"pkg", "frobnicate"}),
              "there is no command 'hab pkg frobnicate' | see 'hab pkg --help'");
    EXPECT_EQ(error_of({"\xff\xfe"}), "there is no command 'hab \xff\xfe' | see 'hab --help'");
}

TEST(Resolve, NextWordsAreDistinctAndVisible) {
    EXPECT_THAT(next_words(table(), ""), ElementsAre("pkg", "svc", "start", "config"));
    EXPECT_THAT(next_words(table(), "pkg"), ElementsAre("install", "info"));
    EXPECT_TRUE(next_words(table(), "pk").empty());
}

}  // namespace
}  // namespace hab::cli
