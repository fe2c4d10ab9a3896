// SPDX-License-Identifier: Apache-2.0
// The examples of the guide are true. In these pages a code block whose first line is
// "```LANGUAGE FILE" is that file, and in a "```console" block each line after "$ " is a command,
// with its output (both streams) below it.
#include <fmt/format.h>

#include "base/strings.hpp"
#include "plan_render_fixture.hpp"

namespace hab::test {
namespace {

class Guide : public PlanRender {
protected:
    /// Writes the files of a page and compares what its commands print, all of them.
    void follow(const std::string& page) {
        const std::string text = read_file(source_dir() / "docs" / page);
        std::size_t commands = 0;
        std::size_t prompts = 0;
        std::string fence;
        std::string block;
        for (const std::string_view line : split(text, '\n')) {
            prompts += line.starts_with("$ ") ? 1 : 0;
            if (!line.starts_with("```")) {
                if (!fence.empty()) block += std::string(line) + "\n";
            } else if (fence.empty()) {
                fence = line;
                block.clear();
            } else {
                commands += use(fence, block);
                fence.clear();
            }
        }
        EXPECT_GT(commands, 0u) << page;
        EXPECT_EQ(commands, prompts) << page << ": some were not replayed";
    }

private:
    std::size_t use(const std::string& fence, const std::string& block) {
        const auto space = fence.find(' ');
        if (space != fence.npos) {
            file(fence.substr(space + 1), block);
            return 0;
        }
        return fence == "```console" ? replay(block) : 0;
    }

    std::size_t replay(const std::string& block) {
        std::size_t commands = 0;
        std::string command;
        std::string expected;
        const auto finish = [&] {
            if (command.empty()) return;
            ++commands;
            const auto done = run({"sh", "-c", command + " 2>&1"},
                                  {.env = {{"PATH", program("bin").string() + ":/usr/bin:/bin"}},
                                   .cwd = dir_.path().string()});
            EXPECT_EQ(done.out, expected) << command;
        };
        for (const std::string_view line : split(block, '\n')) {
            if (line.starts_with("$ ")) {
                finish();
                command = line.substr(2);
                expected.clear();
            } else if (!line.empty() || !expected.empty()) {
                expected += std::string(line) + "\n";
            }
        }
        if (expected.ends_with("\n\n")) expected.pop_back();
        finish();
        return commands;
    }
};

TEST_F(Guide, ConfigurationIsTrue) {
    follow("guide/configuration.md");
}

TEST_F(Guide, MovingFromUpstreamIsTrue) {
    follow("guide/moving-from-upstream.md");
}

}  // namespace
}  // namespace hab::test
