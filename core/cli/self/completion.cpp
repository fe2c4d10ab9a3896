// SPDX-License-Identifier: Apache-2.0
#include "cli/self/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/parse.hpp"
#include "cli/resolve.hpp"

namespace hab::cli {
namespace {

/// What a command takes; `path` for the source.
struct Shape {
    std::string_view path;
    std::span<const OptionSpec> options;
    std::span<const ArgumentSpec> arguments;
    bool verbatim = false;
    bool own_help = false;
};

/// The words of a command that are complete, sorted into what they are.
struct Given {
    std::vector<std::string> positionals;
    std::set<std::string_view> options;
    const OptionSpec* awaiting = nullptr;  ///< the last word was an option that wants its value
    bool options_over = false;
    std::size_t first_positional = 0;  ///< index of the word
};

Given read_words(const Shape& shape, std::span<const std::string> words) {
    Given given;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (given.awaiting != nullptr) {
            given.awaiting = nullptr;
        } else if (!given.options_over && word == "--") {
            given.options_over = true;
        } else if (!given.options_over && word.size() > 1 && word.front() == '-') {
            const OptionSpec* option = find_option(shape.options, word);
            if (option == nullptr) continue;
            given.options.insert(option->name);
            if (option->kind != OptionKind::flag && !has_attached_value(word))
                given.awaiting = option;
        } else {
            if (given.positionals.empty()) given.first_positional = i;
            given.positionals.push_back(word);
            if (shape.verbatim) given.options_over = true;
        }
    }
    return given;
}

void add_option_names(const Shape& shape, const Given& given, Completion& result) {
    for (const OptionSpec& option : shape.options) {
        const bool again = option.kind == OptionKind::list || !given.options.contains(option.name);
        if (!option.hidden && again) {
            result.candidates.push_back(
                {fmt::format("--{}", option.name), std::string(option.help)});
        }
    }
    result.candidates.push_back({"--help", "arguments and options of the command"});
}

Completion option_value(const Shape& shape, const Given& given, const OptionSpec& option,
                        std::string_view partial, CompletionSource& source) {
    return source.values(
        {shape.path, option.value_name, option.name, option.help, partial, given.positionals});
}

/// "--channel=sta": the answers are whole words again.
Completion attached_value(const Shape& shape, const Given& given, const std::string& partial,
                          CompletionSource& source) {
    const OptionSpec* option = find_option(shape.options, partial);
    if (option == nullptr || option->kind == OptionKind::flag) return {};
    const std::size_t value = partial.find('=') + 1;
    Completion result =
        option_value(shape, given, *option, std::string_view(partial).substr(value), source);
    for (Candidate& candidate : result.candidates)
        candidate.word.insert(0, partial, 0, value);
    return result;
}

Completion complete_arguments(const Shape& shape, std::span<const std::string> words,
                              CompletionSource& source) {
    const std::string& partial = words.back();
    const Given given = read_words(shape, words.first(words.size() - 1));
    if (given.awaiting != nullptr)
        return option_value(shape, given, *given.awaiting, partial, source);
    if (shape.own_help && !given.positionals.empty()) {
        const auto* further = source.further(shape.path, given.positionals.front());
        if (further == nullptr) return {};
        return complete_arguments({shape.path, further->options, further->arguments},
                                  words.subspan(given.first_positional + 1), source);
    }
    if (!given.options_over && partial.starts_with("--") && partial.find('=') != partial.npos)
        return attached_value(shape, given, partial, source);
    Completion result;
    if (!given.options_over && partial.starts_with('-')) {
        add_option_names(shape, given, result);
        return result;
    }
    const std::size_t index = given.positionals.size();
    const ArgumentSpec* argument = nullptr;
    if (index < shape.arguments.size()) argument = &shape.arguments[index];
    if (argument == nullptr && !shape.arguments.empty() && shape.arguments.back().rest)
        argument = &shape.arguments.back();
    if (argument != nullptr) {
        result = source.values(
            {shape.path, argument->name, {}, argument->help, partial, given.positionals});
    } else if (!given.options_over) {
        add_option_names(shape, given, result);  // there is nothing else to say
    }
    return result;
}

/// The command words themselves; a family is described by what is in it.
Completion complete_command(std::span<const Command> table, const CommandLine& line) {
    Completion result;
    for (const std::string& word : next_words(table, line.words)) {
        const std::string path = line.words.empty() ? word : fmt::format("{} {}", line.words, word);
        std::string help;
        for (const Command& command : table) {
            if (command.path == path) help = command.summary;
        }
        if (help.empty()) help = join(next_words(table, path), ", ");
        result.candidates.push_back({word, std::move(help)});
    }
    result.candidates.push_back({"--help", "the commands"});
    if (line.words.empty()) {
        result.candidates.push_back({"--version", "the version of hab"});
        result.candidates.push_back({"--plugin", "load this plugin file before any other"});
    }
    return result;
}

void tidy(Completion& result, std::string_view partial) {
    auto& list = result.candidates;
    const auto is_option = [](const Candidate& c) { return c.word.starts_with('-'); };
    // Options are offered to who asks for them, or when nothing else can follow.
    const bool no_options = partial.empty() && !std::all_of(list.begin(), list.end(), is_option);
    std::erase_if(list, [&](const Candidate& c) {
        return c.word.empty() || !c.word.starts_with(partial) || (no_options && is_option(c));
    });
    // Of two that are the same word, the one with a description stays.
    const auto before = [](const Candidate& a, const Candidate& b) {
        return std::tie(a.word, b.help) < std::tie(b.word, a.help);
    };
    const auto same = [](const Candidate& a, const Candidate& b) { return a.word == b.word; };
    std::sort(list.begin(), list.end(), before);
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
}

bool is_choice(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// The words of "a, b or c"; empty if the text is anything else.
std::vector<std::string> enumeration(std::string_view text) {
    text = text.substr(0, text.find_first_of(";[(."));
    const std::size_t last = text.find(" or ");
    if (last == text.npos) return {};
    std::vector<std::string> words;
    for (const std::string_view word : split(text.substr(0, last), ','))
        words.emplace_back(trim(word));
    words.emplace_back(trim(text.substr(last + 4)));
    const bool good = std::all_of(words.begin(), words.end(), is_choice);
    return good ? words : std::vector<std::string>{};
}

}  // namespace

std::vector<std::string> choices_in(std::string_view help) {
    std::vector<std::string> words = enumeration(help);
    const std::size_t colon = help.find(": ");
    if (words.empty() && colon != help.npos) words = enumeration(help.substr(colon + 2));
    return words;
}

Completion complete(std::span<const Command> table, std::span<const std::string> words,
                    CompletionSource& source) {
    if (words.empty()) return {};
    const std::string& partial = words.back();
    CommandLine line;
    try {
        line = resolve_command(table, {words.begin(), words.end() - 1});
    } catch (const Error&) {
        return {};  // ambiguous: nothing can be said to follow
    }
    Completion result;
    if (line.command != nullptr) {
        std::vector<std::string> rest = line.rest;
        rest.push_back(partial);
        const Command& command = *line.command;
        result = complete_arguments(
            {command.path, command.options, command.arguments, command.verbatim, command.own_help},
            rest, source);
        // A command can be a family as well.
        if (line.rest.empty()) {
            for (std::string& word : next_words(table, line.words))
                result.candidates.push_back({std::move(word), {}});
        }
    } else if (line.rest == std::vector<std::string>{"--plugin"}) {
        result.files = true;
    } else if (line.rest.empty()) {
        result = complete_command(table, line);
    }
    tidy(result, partial);
    return result;
}

}  // namespace hab::cli
