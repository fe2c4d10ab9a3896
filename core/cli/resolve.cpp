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

/// By its own path first: another word never hides a command.
const Command* find_command(std::span<const Command> table, std::string_view path) {
    auto found =
        std::find_if(table.begin(), table.end(), [&](const Command& c) { return c.path == path; });
    if (found == table.end()) {
        found = std::find_if(table.begin(), table.end(), [&](const Command& c) {
            return std::find(c.also.begin(), c.also.end(), path) != c.also.end();
        });
    }
    return found == table.end() ? nullptr : &*found;
}

/// Whether more words follow `words` in `path`.
bool goes_on(std::string_view path, std::string_view words) {
    return path.size() > words.size() && path.starts_with(words) && path[words.size()] == ' ';
}

bool is_family(std::span<const Command> table, std::string_view words) {
    return std::any_of(table.begin(), table.end(), [&](const Command& command) {
        return goes_on(command.path, words) ||
               std::any_of(command.also.begin(), command.also.end(),
                           [&](std::string_view path) { return goes_on(path, words); });
    });
}

/// The word of `path` behind `prefix`, put into the list if it is not there.
void add_next_word(std::string_view path, std::string_view prefix,
                   std::vector<std::string>& words) {
    if (!prefix.empty()) {
        if (!goes_on(path, prefix)) return;
        path.remove_prefix(prefix.size() + 1);
    }
    const std::string word(path.substr(0, path.find(' ')));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

/// As next_words(), of the other words for commands.
std::vector<std::string> next_other_words(std::span<const Command> table, std::string_view prefix) {
    std::vector<std::string> words;
    for (const Command& command : table) {
        if (command.hidden) continue;
        for (const std::string_view path : command.also)
            add_next_word(path, prefix, words);
    }
    return words;
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
    std::vector<std::string> found = next_words(table, prefix);
    const auto is_other = [&](const std::string& next) { return !next.starts_with(word); };
    std::erase_if(found, is_other);
    if (found.empty()) {
        found = next_other_words(table, prefix);
        std::erase_if(found, is_other);
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
        if (!command.hidden) add_next_word(command.path, prefix, words);
    }
    return words;
}

std::string other_words(const Command& command) {
    std::string out;
    for (const std::string_view path : command.also)
        out += fmt::format("{}hab {}", out.empty() ? "" : ", ", path);
    return out;
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
        line.words = command != nullptr ? std::string(command->path) : std::move(longer);
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
