// SPDX-License-Identifier: Apache-2.0
#include "cli/self/man_pages.hpp"

#include <fmt/format.h>

#include <set>

#include "base/strings.hpp"
#include "cli/resolve.hpp"

namespace hab::cli {
namespace {

/// "pkg install" -> "hab-pkg-install"
std::string page_name(std::string_view path) {
    return path.empty() ? "hab" : fmt::format("hab-{}", replace_all(path, " ", "-"));
}

std::string header(std::string_view path, std::string_view summary, std::string_view date) {
    const std::string name = page_name(path);
    return fmt::format(
        ".\\\" SPDX-License-Identifier: Apache-2.0\n"
        ".TH {} 1 {} \"hab {}\" \"hab manual\"\n.SH NAME\n{} \\- {}\n",
        roff_escape(to_upper(name)), date, HAB_VERSION, roff_escape(name), roff_escape(summary));
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", roff_escape(text));
}

std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", roff_escape(text));
}

/// A term and what it means.
std::string item(std::string_view formatted_term, std::string_view text) {
    return fmt::format(".TP\n{}\n{}\n", formatted_term, roff_escape(text));
}

/// Lines as in the source; an empty one begins a paragraph.
std::string paragraphs(std::string_view text) {
    std::string out;
    for (const std::string_view line : split(text, '\n'))
        out += line.empty() ? ".PP\n" : roff_escape(line) + "\n";
    return out;
}

std::string synopsis(const Command& command) {
    std::string out =
        fmt::format(".SH SYNOPSIS\n.B {}\n", roff_escape(fmt::format("hab {}", command.path)));
    if (!command.options.empty()) out += "[\\fIOPTIONS\\fR]\n";
    for (const ArgumentSpec& argument : command.arguments) {
        const std::string name = italic(argument.name) + (argument.rest ? "..." : "");
        out += argument.required ? name + "\n" : fmt::format("[{}]\n", name);
    }
    return out;
}

std::string option_item(const OptionSpec& option) {
    std::string term;
    if (option.letter != '\0') term = bold(fmt::format("-{}", option.letter)) + ", ";
    term += bold(fmt::format("--{}", option.name));
    if (option.kind != OptionKind::flag)
        term += " " + italic(option.value_name.empty() ? "VALUE" : option.value_name);
    std::string text(option.help);
    if (option.kind == OptionKind::list) text += " (may be repeated)";
    if (!option.default_value.empty()) text += fmt::format(" [default: {}]", option.default_value);
    if (!option.setting.empty()) text += fmt::format(" [cli.toml: {}]", option.setting);
    return item(term, text);
}

std::string environment(const Command& command) {
    std::string out;
    for (const OptionSpec& option : command.options) {
        if (option.hidden || option.env.empty()) continue;
        out += item(bold(option.env), fmt::format("default of --{}", option.name));
    }
    for (const ArgumentSpec& argument : command.arguments) {
        if (argument.env.empty()) continue;
        out += item(bold(argument.env), fmt::format("default of {}", argument.name));
    }
    return out.empty() ? out : ".SH ENVIRONMENT\n" + out;
}

/// "0", "done" and so on; the command's own are lines of "CODE  TEXT".
std::string exit_status(std::string_view own) {
    std::string out =
        ".SH \"EXIT STATUS\"\n" + item("0", "done") + item("1", "error") + item("2", "wrong usage");
    for (const std::string_view line : split(own, '\n')) {
        if (line.empty()) continue;
        const std::size_t gap = line.find("  ");
        out += item(roff_escape(line.substr(0, gap)),
                    gap == line.npos ? std::string_view{} : trim(line.substr(gap)));
    }
    return out;
}

std::string see_also(const std::vector<std::string>& names) {
    std::string out = ".SH \"SEE ALSO\"\n";
    for (std::size_t i = 0; i < names.size(); ++i) {
        out +=
            fmt::format(".BR {} (1){}\n", roff_escape(names[i]), i + 1 < names.size() ? "," : "");
    }
    return out;
}

/// Every family above a path, nearest last: "hab", "hab-origin", "hab-origin-key".
std::vector<std::string> above(std::string_view path) {
    std::vector<std::string> names{"hab"};
    for (std::size_t at = path.find(' '); at != path.npos; at = path.find(' ', at + 1))
        names.push_back(page_name(path.substr(0, at)));
    return names;
}

std::string command_page(const Command& command, std::string_view date) {
    std::string out = header(command.path, command.summary, date) + synopsis(command);
    out += ".SH DESCRIPTION\n";
    out += paragraphs(fmt::format("{}.", command.summary));
    if (!command.description.empty()) out += ".PP\n" + paragraphs(command.description);
    if (!command.also.empty())
        out += ".PP\n" + paragraphs(fmt::format("Also: {}.", other_words(command)));
    if (!command.arguments.empty()) {
        out += ".SH ARGUMENTS\n";
        for (const ArgumentSpec& argument : command.arguments)
            out += item(italic(argument.name), argument.help);
    }
    out += ".SH OPTIONS\n";
    for (const OptionSpec& option : command.options) {
        if (!option.hidden) out += option_item(option);
    }
    out += item(bold("-h") + ", " + bold("--help"), "arguments and options, in short");
    return out + environment(command) + exit_status(command.exit_codes) +
           see_also(above(command.path));
}

std::string command_items(std::span<const Command> table, std::string_view prefix) {
    std::string out;
    for (const Command& command : table) {
        if (command.hidden || !command.path.starts_with(prefix)) continue;
        out += item(bold(fmt::format("hab {}", command.path)), command.summary);
    }
    return out;
}

std::string family_page(std::span<const Command> table, std::string_view prefix,
                        std::string_view date) {
    std::string out = header(prefix, fmt::format("commands of 'hab {}'", prefix), date);
    out += fmt::format(".SH SYNOPSIS\n.B {}\n\\fICOMMAND\\fR\n[\\fIARGS\\fR]\n",
                       roff_escape(fmt::format("hab {}", prefix)));
    out += ".SH COMMANDS\n" + command_items(table, fmt::format("{} ", prefix));
    if (prefix == "sup") out += supervisor_sections();
    return out + see_also(above(prefix));
}

std::string overview_page(std::span<const Command> table, std::string_view date) {
    std::string out = header({}, "package, ship and run applications", date);
    out +=
        ".SH SYNOPSIS\n.B hab\n[\\fB\\-\\-plugin\\fR \\fIFILE\\fR]...\n\\fICOMMAND\\fR\n"
        "[\\fIARGS\\fR]\n.SH DESCRIPTION\n";
    out += paragraphs(
        "A word of a command may be cut short as long as it means one thing:\n"
        "'hab svc stat' is 'hab svc status'. Every command has a page of its own,\n"
        "and answers --help.");
    out += ".SH OPTIONS\n";
    out += item(bold("--plugin") + " " + italic("FILE"),
                "load this plugin file before any other (may be repeated)");
    out += item(bold("-h") + ", " + bold("--help"), "the commands");
    out += item(bold("-V") + ", " + bold("--version"), "the version");
    out += ".SH COMMANDS\n" + command_items(table, {});
    out += ".SH FILES\n";
    out += item(bold("/hab/etc/cli.toml"),
                "defaults for commands, written by 'hab cli setup'; ~/.hab/etc/cli.toml for users");
    out += item(bold("/hab/pkgs"), "installed packages");
    return out + exit_status({}) + see_also({"hab-pkg", "hab-svc", "hab-sup"});
}

}  // namespace

std::string roff_escape(std::string_view text) {
    std::string out;
    // A dot or an apostrophe at the start of a line would be a request.
    if (text.starts_with('.')) out += "\\&";
    for (const char c : text) {
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            case '\'':
                out += "\\(aq";
                break;
            case '`':
                out += "\\(ga";
                break;
            case '~':
                out += "\\(ti";
                break;
            case '^':
                out += "\\(ha";
                break;
            case '"':
                out += "\\(dq";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::vector<ManPage> man_pages(std::span<const Command> table, std::string_view date) {
    std::vector<ManPage> pages{{"hab.1", overview_page(table, date)}};
    std::set<std::string> families;
    for (const Command& command : table) {
        if (command.hidden) continue;
        const std::string_view path = command.path;
        for (std::size_t at = path.find(' '); at != path.npos; at = path.find(' ', at + 1))
            families.emplace(path.substr(0, at));
    }
    for (const Command& command : table) {
        // A command that is a family, too, has its commands on its own page.
        if (command.hidden || families.contains(std::string(command.path))) continue;
        pages.push_back({page_name(command.path) + ".1", command_page(command, date)});
    }
    for (const std::string& family : families)
        pages.push_back({page_name(family) + ".1", family_page(table, family, date)});
    return pages;
}

}  // namespace hab::cli
