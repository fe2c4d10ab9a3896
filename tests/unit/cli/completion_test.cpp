// SPDX-License-Identifier: Apache-2.0
#include "cli/self/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace hab::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array load_options = {
    OptionSpec{"force", 'f', OptionKind::flag, {}, "Change it"},
    OptionSpec{"channel", 'c', OptionKind::value, "CHANNEL", "Which"},
    OptionSpec{"bind", '\0', OptionKind::list, "BIND", "Another group"},
    OptionSpec{"secret", '\0', OptionKind::flag, {}, {}, {}, {}, true}};
constexpr std::array ident = {ArgumentSpec{"PKG_IDENT", "which"}};
constexpr std::array exec_arguments = {ArgumentSpec{"PKG_IDENT", "which"},
                                       ArgumentSpec{"CMD", "what"},
                                       ArgumentSpec{"ARGS", "more", false, true}};
constexpr std::array exporter = {ArgumentSpec{"EXPORTER", "which"},
                                 ArgumentSpec{"ARGS", "more", false, true}};

const std::vector<Command>& table() {
    static const std::vector<Command> commands = [] {
        std::vector<Command> list(6);
        list[0] = {
            .path = "svc load", .summary = "Load it", .arguments = ident, .options = load_options};
        list[1] = {.path = "svc status", .summary = "Show them"};
        list[2] = {.path = "pkg exec", .arguments = exec_arguments, .verbatim = true};
        list[3] = {.path = "pkg export", .arguments = exporter, .verbatim = true, .own_help = true};
        list[4] = {.path = "svc start", .summary = "Start it", .arguments = ident};
        list[5] = {.path = "svc secret"};
        list[5].hidden = true;
        return list;
    }();
    return commands;
}

/// Answers with what it was asked, and knows one exporter.
class Echo : public CompletionSource {
public:
    Completion values(const WantedValue& wanted) override {
        Completion result;
        if (wanted.name == "CHANNEL") {
            result.candidates = {{"stable", {}}, {"unstable", {}}};
        } else {
            result.candidates = {
                {std::string(wanted.partial) + "=" + std::string(wanted.name), {}}};
        }
        return result;
    }
    const Further* further(std::string_view, std::string_view first) override {
        static const Further tar{{OptionSpec{"level", '\0', OptionKind::value, "N", "How much"}},
                                 {ArgumentSpec{"PKG_IDENT_OR_ARTIFACT", "which", true, true}}};
        return first == "tar" ? &tar : nullptr;
    }
};

std::vector<std::string> after(const std::vector<std::string>& words) {
    Echo source;
    std::vector<std::string> found;
    for (const Candidate& candidate : complete(table(), words, source).candidates)
        found.push_back(candidate.word);
    return found;
}

TEST(Completion, FollowsTheTree) {
    EXPECT_THAT(after({""}), ElementsAre("pkg", "svc"));
    EXPECT_THAT(after({"s"}), ElementsAre("svc"));
    EXPECT_THAT(after({"svc", "st"}), ElementsAre("start", "status"));
    EXPECT_THAT(after({"svc", "se"}), IsEmpty()) << "hidden";
    EXPECT_THAT(after({"sv", "lo"}), ElementsAre("load")) << "a family cut short";
    EXPECT_THAT(after({"--v"}), ElementsAre("--version"));
}

TEST(Completion, DescribesCommandsAndFamilies) {
    Echo source;
    const std::vector<std::string> top{"sv"};
    EXPECT_EQ(complete(table(), top, source).candidates.front().help, "load, status, start");
    const std::vector<std::string> leaf{"svc", "lo"};
    EXPECT_EQ(complete(table(), leaf, source).candidates.front().help, "Load it");
}

TEST(Completion, OffersOptionsToWhoAsks) {
    EXPECT_THAT(after({"svc", "load", "-"}),
                ElementsAre("--bind", "--channel", "--force", "--help"));
    EXPECT_THAT(after({"svc", "load", "-f", "--ch"}), ElementsAre("--channel"));
    EXPECT_THAT(after({"svc", "load", "--force", "--bind", "x", "-"}),
                ElementsAre("--bind", "--channel", "--help"))
        << "lists come again, the rest does not";
    EXPECT_THAT(after({"svc", "status", ""}), ElementsAre("--help")) << "nothing else can follow";
    EXPECT_THAT(after({"svc", "load", "--", "-"}), ElementsAre("-=PKG_IDENT"))
        << "no option any more";
}

TEST(Completion, AsksForValues) {
    EXPECT_THAT(after({"svc", "load", "co"}), ElementsAre("co=PKG_IDENT"));
    EXPECT_THAT(after({"svc", "load", "-c", ""}), ElementsAre("stable", "unstable"));
    EXPECT_THAT(after({"svc", "load", "--channel", "s"}), ElementsAre("stable"));
    EXPECT_THAT(after({"svc", "load", "--channel=u"}), ElementsAre("--channel=unstable"));
    EXPECT_THAT(after({"svc", "load", "--force=u"}), IsEmpty());
}

TEST(Completion, LeavesVerbatimWordsAlone) {
    EXPECT_THAT(after({"pkg", "exec", "core/redis", "re"}), ElementsAre("re=CMD"));
    EXPECT_THAT(after({"pkg", "exec", "core/redis", "redis-cli", "x"}), ElementsAre("x=ARGS"));
}

TEST(Completion, TakesOptionsFromPlugins) {
    EXPECT_THAT(after({"pkg", "export", "t"}), ElementsAre("t=EXPORTER"));
    EXPECT_THAT(after({"pkg", "export", "tar", "--"}), ElementsAre("--help", "--level"));
    EXPECT_THAT(after({"pkg", "export", "tar", "--level", "3", "co"}),
                ElementsAre("co=PKG_IDENT_OR_ARTIFACT"));
    EXPECT_THAT(after({"pkg", "export", "nonsense", "-"}), IsEmpty());
}

TEST(Completion, OddWordsHaveNoAnswers) {
    EXPECT_THAT(after({}), IsEmpty());
    EXPECT_THAT(after({"svc", "sta", ""}), IsEmpty()) << "ambiguous";
    EXPECT_THAT(after({"nonsense", ""}), IsEmpty());
    EXPECT_THAT(after({"\xff", "\n"}), IsEmpty());
    EXPECT_THAT(after({"svc", "load", "--nonsense", "--ch"}), ElementsAre("--channel"));
}

TEST(Completion, ReadsChoicesFromHelp) {
    EXPECT_THAT(choices_in("text or json"), ElementsAre("text", "json"));
    EXPECT_THAT(choices_in("svg, dot or json"), ElementsAre("svg", "dot", "json"));
    EXPECT_THAT(choices_in("Order of the layers: current or 2016"), ElementsAre("current", "2016"));
    EXPECT_THAT(choices_in("Updates: none, at-once or rolling [default: none]"),
                ElementsAre("none", "at-once", "rolling"));
    EXPECT_THAT(choices_in("classic or modern; tells where the two differ"),
                ElementsAre("classic", "modern"));
    EXPECT_THAT(choices_in("Memory of the service, as 512M, or none"), IsEmpty());
    EXPECT_THAT(choices_in("Address of this machine"), IsEmpty());
    EXPECT_THAT(choices_in(""), IsEmpty());
}

}  // namespace
}  // namespace hab::cli
