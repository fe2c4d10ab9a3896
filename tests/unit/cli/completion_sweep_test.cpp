// SPDX-License-Identifier: Apache-2.0
// Lines of odd and of proper words, made from the real commands: at every position there is an
// answer, in order, and soon.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "base/temp_dir.hpp"
#include "cli/group/commands.hpp"
#include "cli/plan/commands.hpp"
#include "cli/resolve.hpp"
#include "cli/self/completion.hpp"
#include "cli/self/completion_values.hpp"
#include "cli/sup/commands.hpp"
#include "cli/svc/commands.hpp"

namespace hab::cli {

/// The program brings its own; commands that tell of others ask for it.
const std::vector<Command>& command_table() {
    static const std::vector<Command> commands = [] {
        std::vector<Command> list;
        for (const auto family :
             {sup_commands(), svc_commands(), group_commands(), plan_commands()}) {
            list.insert(list.end(), family.begin(), family.end());
        }
        return list;
    }();
    return commands;
}

namespace {

/// Far above what one answer takes, also with sanitizers on a busy machine.
constexpr std::chrono::seconds longest{5};

std::vector<std::string> words_of(std::string_view path) {
    std::vector<std::string> words;
    std::size_t at = 0;
    for (std::size_t end = path.find(' '); end != path.npos; end = path.find(' ', at)) {
        words.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    words.emplace_back(path.substr(at));
    return words;
}

std::vector<std::string> odd_words() {
    return {"",
            "-",
            "--",
            "---",
            "=",
            "--=",
            "-=x",
            "--plugin",
            "--help",
            "-h",
            "core/x",
            "a b",
            "\t\n",
            "\xff\xfe",
            "//",
            "..",
            "s",
            "sv",
            "--format=",
            "--format=j",
            "-z",
            "--x=y",
            "st",
            "\xe2\x80\xa6",
            std::string(20'000, 'a'),
            "/",
            "ä",
            "--plugin=",
            "'",
            std::string(3, '\0')};
}

/// As long as it takes to answer for each beginning of the line; what is wrong with an answer.
class Sweep {
public:
    explicit Sweep(CompletionSource& source) : source_(source) {}

    void line(const std::vector<std::string>& words) {
        for (std::size_t count = 1; count <= words.size(); ++count)
            answer({words.data(), count});
    }
    [[nodiscard]] std::size_t answers() const { return answers_; }

private:
    void answer(std::span<const std::string> words) {
        const auto began = std::chrono::steady_clock::now();
        const Completion completion = complete(command_table(), words, source_);
        EXPECT_LT(std::chrono::steady_clock::now() - began, longest) << text(words);
        ++answers_;
        const auto& list = completion.candidates;
        for (std::size_t i = 0; i < list.size(); ++i) {
            EXPECT_FALSE(list[i].word.empty()) << text(words);
            EXPECT_TRUE(list[i].word.starts_with(words.back())) << text(words);
            EXPECT_TRUE(i == 0 || list[i - 1].word < list[i].word) << text(words);
        }
    }
    static std::string text(std::span<const std::string> words) {
        std::string out;
        for (const std::string& word : words)
            out += "[" + word.substr(0, 40) + "] ";
        return out;
    }

    CompletionSource& source_;
    std::size_t answers_ = 0;
};

/// Words of which some are right: the command's own options, numbers, the odd ones.
std::vector<std::string> pool_of(const Command& command) {
    std::vector<std::string> pool = odd_words();
    for (const OptionSpec& option : command.options) {
        pool.push_back("--" + std::string(option.name));
        pool.push_back("--" + std::string(option.name) + "=");
        if (option.letter != '\0') pool.push_back(std::string("-") + option.letter);
    }
    for (const char* word : {"7", "acme/tide", "tide.default", "json", "bash"})
        pool.emplace_back(word);
    return pool;
}

TEST(CompletionSweep, EveryPositionOfALineIsAnswered) {
    const TempDir empty("hab-complete");
    LocalValues values(Paths(empty.path()), {});
    Sweep sweep(values);
    std::mt19937 random(20160701);  // always the same lines
    for (const Command& command : command_table()) {
        const std::vector<std::string> pool = pool_of(command);
        std::vector<std::string> paths{std::string(command.path)};
        paths.insert(paths.end(), command.also.begin(), command.also.end());
        for (const std::string& path : paths) {
            for (int i = 0; i < 12; ++i) {
                std::vector<std::string> words = words_of(path);
                for (std::size_t more = random() % 7 + 1; more > 0; --more)
                    words.push_back(pool[random() % pool.size()]);
                sweep.line(words);
            }
        }
    }
    EXPECT_GT(sweep.answers(), 2000u);
}

TEST(CompletionSweep, OddWordsInPlaceOfCommandsAreAnswered) {
    const TempDir empty("hab-complete");
    LocalValues values(Paths(empty.path()), {});
    Sweep sweep(values);
    const std::vector<std::string> odd = odd_words();
    for (const std::string& first : odd) {
        for (const std::string& second : odd)
            sweep.line({first, second, "sup"});
        sweep.line({"svc", first, "load"});
        sweep.line({"--plugin", first, "svc", "l"});
    }
    EXPECT_GT(sweep.answers(), 2000u);
}

}  // namespace
}  // namespace hab::cli
