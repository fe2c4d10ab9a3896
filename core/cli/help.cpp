// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.hpp"
#include "cli/resolve.hpp"

namespace hab::cli {
namespace {

std::string usage_line(const Command& command) {
    std::string line = fmt::format("hab {}", command.path);
    if (!command.options.empty()) line += " [OPTIONS]";
    for (const ArgumentSpec& argument : command.arguments) {
        const std::string name =
            argument.rest ? fmt::format("{}...", argument.name) : std::string(argument.name);
        line += argument.required ? fmt::format(" {}", name) : fmt::format(" [{}]", name);
    }
    return line;
}

/// "left  text", the text wrapped and indented at `column`.
std::string row(std::string_view left, std::string_view text, std::size_t column, unsigned width) {
    std::string out = fmt::format("  {}", left);
    if (out.size() + 2 > column) {
        out += '\n';
        out.append(column, ' ');
    } else {
        out.append(column - out.size(), ' ');
    }
    std::size_t at = column;
    bool first = true;
    for (const std::string_view word : split(text, ' ')) {
        if (!first && at + 1 + word.size() > width) {
            out += '\n';
            out.append(column, ' ');
            at = column;
        } else if (!first) {
            out += ' ';
            ++at;
        }
        first = false;
        out += word;
        at += word.size();
    }
    return out + "\n";
}

std::string option_left(const OptionSpec& option) {
    std::string left = option.letter == '\0' ? "    " : fmt::format("-{}, ", option.letter);
    left += fmt::format("--{}", option.name);
    if (option.kind != OptionKind::flag) {
        left += fmt::format(" {}", option.value_name.empty() ? "VALUE" : option.value_name);
    }
    return left;
}

std::string option_text(const OptionSpec& option) {
    std::string text(option.help);
    if (option.kind == OptionKind::list) text += " (may be repeated)";
    if (!option.default_value.empty()) text += fmt::format(" [default: {}]", option.default_value);
    if (!option.env.empty()) text += fmt::format(" [env: {}]", option.env);
    if (!option.setting.empty()) text += fmt::format(" [cli.toml: {}]", option.setting);
    return text;
}

std::string argument_text(const ArgumentSpec& argument) {
    std::string text(argument.help);
    if (!argument.env.empty()) text += fmt::format(" [env: {}]", argument.env);
    if (!argument.setting.empty()) text += fmt::format(" [cli.toml: {}]", argument.setting);
    return text;
}

std::string command_rows(std::string_view prefix, unsigned width) {
    std::string out;
    for (const Command& command : command_table()) {
        if (!command.hidden && command.path.starts_with(prefix)) {
            out += row(command.path, command.summary, 30, width);
        }
    }
    return out;
}

}  // namespace

std::string options_help(std::span<const OptionSpec> options, unsigned width) {
    std::string out;
    for (const OptionSpec& option : options) {
        if (!option.hidden) out += row(option_left(option), option_text(option), 34, width);
    }
    return out;
}

std::string overview_help(unsigned width) {
    return "hab - package, ship and run applications\n\n"
           "Usage: hab [--plugin FILE]... COMMAND [ARGS]\n\nCommands:\n" +
           command_rows("", width) +
           "\nOptions:\n"
           "  -h, --help       this text; after a command: its arguments and options\n"
           "  -V, --version    the version\n"
           "      --plugin FILE  load this plugin file before any other (may be repeated)\n\n"
           "Exit codes: 0 done, 1 error, 2 wrong usage; 'hab COMMAND --help' names others.\n";
}

std::string family_help(std::string_view prefix, unsigned width) {
    return fmt::format("Usage: hab {} COMMAND [ARGS]\n\nCommands:\n{}", prefix,
                       command_rows(fmt::format("{} ", prefix), width));
}

std::string command_help(const Command& command, unsigned width) {
    std::string out = fmt::format("{}\n\nUsage: {}\n", command.summary, usage_line(command));
    if (!command.description.empty()) out += fmt::format("\n{}\n", command.description);
    if (!command.also.empty()) out += fmt::format("\nAlso: {}\n", other_words(command));
    if (!command.arguments.empty()) {
        out += "\nArguments:\n";
        for (const ArgumentSpec& argument : command.arguments) {
            out += row(argument.name, argument_text(argument), 34, width);
        }
    }
    out += "\nOptions:\n" + options_help(command.options, width);
    out += row("-h, --help", "this text", 34, width);
    out += "\nExit codes:\n  0  done\n  1  error\n  2  wrong usage\n";
    for (const std::string_view line : split(command.exit_codes, '\n')) {
        if (!line.empty()) out += fmt::format("  {}\n", line);
    }
    return out;
}

std::string reference_markdown() {
    std::string out =
        "# Commands\n\nMade from the command table by `hab cli reference`; a test keeps it true.\n";
    for (const Command& command : command_table()) {
        if (command.hidden) continue;
        out +=
            fmt::format("\n## hab {}\n\n```text\n{}```\n", command.path, command_help(command, 96));
    }
    return out;
}

}  // namespace hab::cli
