// SPDX-License-Identifier: Apache-2.0
#include "cli/self/commands.hpp"

#include <fmt/format.h>

#include <array>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/help.hpp"
#include "cli/self/completion.hpp"
#include "cli/self/completion_scripts.hpp"
#include "cli/self/completion_values.hpp"
#include "cli/self/man_pages.hpp"

namespace hab::cli {
namespace {

constexpr std::array completers_options = {
    OptionSpec{"shell", 's', OptionKind::value, "SHELL", "bash, zsh or fish", {}, "bash"}};

constexpr std::array complete_arguments = {
    ArgumentSpec{"WORD", "The words behind hab; the last is the one being typed", true, true}};

constexpr std::array man_arguments = {ArgumentSpec{"DIR", "Where to write; made if needed"}};

int run_completers(Invocation& invocation) {
    const std::string shell = invocation.args.require("shell");
    const std::string_view script = completion_script(shell);
    if (script.empty()) {
        throw Error(ErrorCode::usage, fmt::format("there is no completion script for '{}'", shell),
                    "use --shell bash, zsh or fish");
    }
    invocation.terminal.out(script);
    return 0;
}

/// Those of `hab --plugin FILE … pkg export`, in the line that is being completed.
std::vector<std::string> plugin_files_in(const std::vector<std::string>& words) {
    std::vector<std::string> files;
    for (std::size_t i = 0; i + 2 < words.size() && words[i] == "--plugin"; i += 2)
        files.push_back(words[i + 1]);
    return files;
}

/// One line each; a tab before the description, a colon before what the shell is told to do.
int run_complete(Invocation& invocation) {
    const std::vector<std::string> words = invocation.args.all("WORD");
    LocalValues values(invocation.paths, plugin_files_in(words));
    const Completion completion = complete(command_table(), words, values);
    std::string text;
    for (const Candidate& candidate : completion.candidates) {
        text += candidate.word;
        if (!candidate.help.empty()) text += fmt::format("\t{}", candidate.help);
        text += '\n';
    }
    if (completion.unfinished) text += ":unfinished\n";
    if (completion.files) text += ":files\n";
    if (completion.directories) text += ":directories\n";
    invocation.terminal.out(text);
    return 0;
}

int run_reference(Invocation& invocation) {
    invocation.terminal.out(reference_markdown());
    return 0;
}

int run_man(Invocation& invocation) {
    const fs::path dir = invocation.args.require("DIR");
    const std::string date = rfc3339_utc(source_date(invocation.clock)).substr(0, 10);
    const std::vector<ManPage> pages = man_pages(command_table(), date);
    make_directories(dir);
    for (const ManPage& page : pages)
        write_file_atomic(dir / page.file, page.text);
    invocation.terminal.end(fmt::format("{} pages in {}", pages.size(), dir.string()));
    return 0;
}

}  // namespace

std::span<const Command> self_commands() {
    static constexpr std::array commands = {
        Command{
            .path = "cli completers",
            .summary = "Print a shell completion script",
            .description =
                "bash, zsh: source <(hab cli completers --shell bash). fish: hab cli completers\n"
                "--shell fish | source. The script asks hab for every answer, so it never has to\n"
                "be made again.",
            .arguments = {},
            .options = completers_options,
            .exit_codes = {},
            .run = run_completers},
        Command{.path = "cli complete",
                .summary = "Answer a shell: what could follow these words",
                .description = "hab cli complete -- svc st",
                .arguments = complete_arguments,
                .options = {},
                .verbatim = true,
                .exit_codes = {},
                .run = run_complete,
                .hidden = true},
        Command{.path = "cli man",
                .summary = "Write the manual pages of all commands",
                .description = "SOURCE_DATE_EPOCH is the date in them, if it is set.",
                .arguments = man_arguments,
                .options = {},
                .exit_codes = {},
                .run = run_man},
        Command{.path = "cli reference",
                .summary = "Print the reference of all commands as Markdown",
                .description = {},
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_reference},
    };
    return commands;
}

}  // namespace hab::cli
