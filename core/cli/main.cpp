// SPDX-License-Identifier: Apache-2.0
// bin/hab: finds the command in the table, parses, runs, prints the one error.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/help.hpp"
#include "cli/parse.hpp"
#include "cli/resolve.hpp"

namespace hab::cli {
namespace {

bool is_help(std::string_view word) {
    return word == "-h" || word == "--help";
}

/// Whether --help is for us: not when it stands behind the first verbatim word.
bool asks_for_help(const CommandLine& line) {
    for (const std::string& word : line.rest) {
        if (is_help(word)) return true;
        if (word == "--") return false;
        if (!word.starts_with('-') && (line.command->verbatim || line.command->own_help)) {
            return false;
        }
    }
    return false;
}

int run(std::vector<std::string> words, Terminal& terminal) {
    const unsigned width = std::min(terminal.width(), 100u);
    const CommandLine line = resolve_command(command_table(), std::move(words));
    if (line.command == nullptr) {
        if (!line.rest.empty() && !is_help(line.rest.front())) {
            refuse_unknown_command(command_table(), line);
        }
        terminal.out(line.words.empty() ? overview_help(width) : family_help(line.words, width));
        return line.rest.empty() ? 2 : 0;
    }
    if (asks_for_help(line)) {
        terminal.out(command_help(*line.command, width));
        return 0;
    }
    const Command& command = *line.command;
    const Paths paths = Paths::from_environment();
    const Settings settings(paths.etc() / "cli.toml");
    const Arguments arguments =
        parse_arguments(command.path, command.options, command.arguments, command.verbatim,
                        line.rest, [&](std::string_view key) { return settings.get(key); });
    const SystemClock clock;
    Invocation invocation{arguments, terminal, paths, clock, line.plugin_files, settings};
    return command.run(invocation);
}

}  // namespace
}  // namespace hab::cli

int main(int argc, char** argv) {
    std::vector<std::string> words(argv + 1, argv + argc);
    // Answered before anything initialises: scripts ask often.
    if (words.size() == 1 && (words[0] == "--version" || words[0] == "-V")) {
        std::puts("hab " HAB_VERSION);
        return 0;
    }
    hab::Terminal terminal;
    try {
        return hab::cli::run(std::move(words), terminal);
    } catch (const hab::Error& error) {
        terminal.fatal(error);
        return hab::exit_code(error);
    } catch (const std::exception& error) {
        terminal.fatal(
            hab::Error(hab::ErrorCode::bug, error.what(),
                       "this should not happen; please report it with the command line"));
        return 1;
    }
}
