// SPDX-License-Identifier: Apache-2.0
// bin/hab: finds the command in the table, parses, runs, prints the one error.

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/strings.hpp"
#include "cli/help.hpp"
#include "cli/parse.hpp"

namespace hab::cli {
namespace {

struct Line {
    std::vector<std::string> plugin_files;
    const Command* command = nullptr;
    std::string words;  ///< the command words given so far
    std::vector<std::string> rest;
};

bool is_help(std::string_view word) {
    return word == "-h" || word == "--help";
}

const Command* find_command(std::string_view path) {
    for (const Command& command : command_table()) {
        if (command.path == path) return &command;
    }
    return nullptr;
}

bool is_family(std::string_view words) {
    const std::string prefix = fmt::format("{} ", words);
    for (const Command& command : command_table()) {
        if (command.path.starts_with(prefix)) return true;
    }
    return false;
}

[[noreturn]] void unknown_command(std::string_view given) {
    std::vector<std::string> paths;
    for (const Command& command : command_table())
        paths.emplace_back(command.path);
    const auto near = nearest(given, paths);
    throw Error(ErrorCode::usage, fmt::format("there is no command 'hab {}'", given),
                near ? fmt::format("did you mean 'hab {}'?", *near) : "see 'hab --help'");
}

/// Longest match of leading words with a command; stops at the first word that does not continue
/// one.
Line split_line(std::vector<std::string> words) {
    Line line;
    std::size_t i = 0;
    for (; i < words.size(); ++i) {
        if (line.words.empty() && words[i] == "--plugin" && i + 1 < words.size()) {
            line.plugin_files.push_back(words[++i]);
            continue;
        }
        const std::string longer =
            line.words.empty() ? words[i] : fmt::format("{} {}", line.words, words[i]);
        const Command* command = find_command(longer);
        if (command == nullptr && !is_family(longer)) break;
        line.words = longer;
        line.command = command;
    }
    line.rest.assign(std::make_move_iterator(words.begin() + static_cast<std::ptrdiff_t>(i)),
                     std::make_move_iterator(words.end()));
    return line;
}

/// Whether --help is for us: not when it stands behind the first verbatim word.
bool asks_for_help(const Line& line) {
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
    const Line line = split_line(std::move(words));
    if (line.command == nullptr) {
        if (!line.rest.empty() && !is_help(line.rest.front())) {
            unknown_command(line.words.empty()
                                ? line.rest.front()
                                : fmt::format("{} {}", line.words, line.rest.front()));
        }
        terminal.out(line.words.empty() ? overview_help() : family_help(line.words));
        return line.rest.empty() ? 2 : 0;
    }
    if (asks_for_help(line)) {
        terminal.out(command_help(*line.command, std::min(terminal.width(), 100u)));
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
