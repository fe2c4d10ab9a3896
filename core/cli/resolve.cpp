// SPDX-License-Identifier: Apache-2.0
#include "cli/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::cli {
namespace {

std::string joined(std::string_view prefix, std::string_view word) {
    return prefix.empty() ? std::string(word) : fmt::format("{} {}", prefix, word);
}

const Command* find_command(std::span<const Command> table, std::string_view path) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Command& c) { return c.path == path; });
    return found == table.end() ? nullptr : &*found;
}

bool is_family(std::span<const Command> table, std::string_view words) {
    return std::any_of(table.begin(), table.end(), [&](const Command& command) {
        return command.path.size() > words.size() && command.path.starts_with(words) &&
               command.path[words.size()] == ' ';
    });
}

/// "'hab svc start', 'hab svc stop' or 'hab svc status'"
std::string alternatives(std::string_view prefix, const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += fmt::format("'hab {}'", joined(prefix, words[i]));
    }
    return text;
}

/// The one word below `prefix` that begins so; nothing if there is none. Throws for several.
std::optional<std::string> unabbreviated(std::span<const Command> table, std::string_view prefix,
                                         std::string_view word) {
    if (word.empty() || word.starts_with('-')) return std::nullopt;
    std::vector<std::string> found;
    for (std::string& next : next_words(table, prefix)) {
        if (next.starts_with(word)) found.push_back(std::move(next));
    }
    if (found.empty()) return std::nullopt;
    if (found.size() > 1) {
        throw Error(ErrorCode::usage,
                    fmt::format("'hab {}' is short for several commands", joined(prefix, word)),
                    fmt::format("say {}", alternatives(prefix, found)));
    }
    return found.front();
}

/// A command elsewhere in the tree that ends in this word: `hab install` for `hab pkg install`.
std::vector<std::string> homes_of(std::span<const Command> table, std::string_view word) {
    std::vector<std::string> paths;
    const std::string ending = fmt::format(" {}", word);
    for (const Command& command : table) {
        if (!command.hidden && command.path.ends_with(ending)) paths.emplace_back(command.path);
    }
    return paths;
}

/// What was probably meant, as the text of a hint; empty if nothing is near.
std::string meant(std::span<const Command> table, const CommandLine& line) {
    const std::string& word = line.rest.front();
    if (const auto near = nearest(word, next_words(table, line.words))) {
        std::string path = joined(line.words, *near);
        // The word after it tells more than the family alone.
        if (find_command(table, path) == nullptr && line.rest.size() > 1) {
            const auto next = nearest(line.rest[1], next_words(table, path));
            if (next) path = joined(path, *next);
        }
        return fmt::format("did you mean 'hab {}'?", path);
    }
    const std::vector<std::string> homes = homes_of(table, word);
    if (!homes.empty() && homes.size() <= 4) {
        return fmt::format("did you mean {}?", alternatives({}, homes));
    }
    return {};
}

}  // namespace

std::vector<std::string> next_words(std::span<const Command> table, std::string_view prefix) {
    std::vector<std::string> words;
    for (const Command& command : table) {
        if (command.hidden) continue;
        std::string_view rest = command.path;
        if (!prefix.empty()) {
            if (!rest.starts_with(prefix) || rest.size() == prefix.size() ||
                rest[prefix.size()] != ' ') {
                continue;
            }
            rest.remove_prefix(prefix.size() + 1);
        }
        const std::string word(rest.substr(0, rest.find(' ')));
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
    return words;
}

CommandLine resolve_command(std::span<const Command> table, std::vector<std::string> words) {
    CommandLine line;
    std::size_t i = 0;
    for (; i < words.size(); ++i) {
        if (line.words.empty() && words[i] == "--plugin" && i + 1 < words.size()) {
            line.plugin_files.push_back(words[++i]);
            continue;
        }
        std::string longer = joined(line.words, words[i]);
        const Command* command = find_command(table, longer);
        if (command == nullptr && !is_family(table, longer)) {
            // What follows a whole command is its arguments: a prefix there would be a guess.
            if (line.command != nullptr) break;
            const auto full = unabbreviated(table, line.words, words[i]);
            if (!full) break;
            longer = joined(line.words, *full);
            command = find_command(table, longer);
        }
        line.words = std::move(longer);
        line.command = command;
    }
    line.rest.assign(std::make_move_iterator(words.begin() + static_cast<std::ptrdiff_t>(i)),
                     std::make_move_iterator(words.end()));
    return line;
}

void refuse_unknown_command(std::span<const Command> table, const CommandLine& line) {
    std::string hint = meant(table, line);
    if (hint.empty()) {
        hint = fmt::format("see 'hab {}'", joined(line.words, "--help"));
    }
    throw Error(ErrorCode::usage,
                fmt::format("there is no command 'hab {}'", joined(line.words, line.rest.front())),
                std::move(hint));
}

}  // namespace hab::cli
