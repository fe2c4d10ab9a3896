// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::cli {
namespace {

namespace po = boost::program_options;

[[noreturn]] void refuse(std::string_view command, std::string sentence, std::string hint = {}) {
    if (hint.empty()) hint = fmt::format("see 'hab {} --help'", command);
    throw Error(ErrorCode::usage, std::move(sentence), std::move(hint));
}

/// How many of the words the library may see; what follows is taken verbatim. The library would eat
/// the "--" and read later words as options of this command.
std::size_t own_words(std::span<const OptionSpec> options, bool verbatim,
                      const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--") return i;
        const bool is_option = word.size() > 1 && word.front() == '-';
        if (!is_option) {
            if (verbatim) return i;
            continue;
        }
        const OptionSpec* option = find_option(options, word);
        if (option != nullptr && option->kind != OptionKind::flag && !has_attached_value(word)) ++i;
    }
    return words.size();
}

po::options_description describe(std::span<const OptionSpec> options) {
    po::options_description description;
    for (const OptionSpec& option : options) {
        const std::string name = option.letter == '\0'
                                     ? std::string(option.name)
                                     : fmt::format("{},{}", option.name, option.letter);
        if (option.kind == OptionKind::flag) {
            description.add_options()(name.c_str(), "");
        } else {
            description.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
        }
    }
    return description;
}

/// The option that was cut short, or else the one that is written most like it.
std::optional<std::string> meant_option(std::span<const OptionSpec> options,
                                        const std::string& given) {
    std::vector<std::string> names;
    for (const OptionSpec& option : options) {
        if (!option.hidden) names.push_back(fmt::format("--{}", option.name));
    }
    const auto begins = [&](const std::string& name) { return name.starts_with(given); };
    const auto first = std::find_if(names.begin(), names.end(), begins);
    if (given.size() > 3 && first != names.end()) return *first;
    return nearest(given, names);
}

[[noreturn]] void explain(std::string_view command, std::span<const OptionSpec> options,
                          const po::error& error) {
    if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
        const std::string given = unknown->get_option_name();
        const auto near = meant_option(options, given);
        refuse(command, fmt::format("'hab {}' has no option '{}'", command, given),
               near ? fmt::format("did you mean '{}'?", *near) : std::string{});
    }
    refuse(command, fmt::format("'hab {}': {}", command, error.what()));
}

/// Puts what the environment or cli.toml says; false if they say nothing.
bool put_configured(std::string_view name, std::string_view env, std::string_view key,
                    const SettingLookup& setting, Arguments& result) {
    const char* value = env.empty() ? nullptr : std::getenv(std::string(env).c_str());
    if (value != nullptr && *value != '\0') {
        result.put(name, {value}, ValueSource::environment);
        return true;
    }
    if (key.empty() || !setting) return false;
    const auto configured = setting(key);
    if (!configured) return false;
    result.put(name, {*configured}, ValueSource::settings_file);
    return true;
}

/// What nobody gave: environment, cli.toml, built-in default.
void put_defaults(std::span<const OptionSpec> options, const SettingLookup& setting,
                  Arguments& result) {
    for (const OptionSpec& option : options) {
        if (result.source(option.name) != ValueSource::none) continue;
        if (put_configured(option.name, option.env, option.setting, setting, result)) continue;
        if (option.default_value.empty()) continue;
        result.put(option.name, {std::string(option.default_value)}, ValueSource::built_in);
    }
}

void put_positionals(std::string_view command, std::span<const ArgumentSpec> arguments,
                     std::vector<std::string> words, const SettingLookup& setting,
                     Arguments& result) {
    std::size_t next = 0;
    for (const ArgumentSpec& argument : arguments) {
        if (next >= words.size()) {
            const bool configured =
                put_configured(argument.name, argument.env, argument.setting, setting, result);
            if (argument.required && !configured) {
                refuse(command, fmt::format("'hab {}' needs {}", command, argument.name));
            }
            continue;
        }
        std::vector<std::string> items;
        const std::size_t count = argument.rest ? words.size() - next : 1;
        for (std::size_t i = 0; i < count; ++i)
            items.push_back(std::move(words[next + i]));
        next += count;
        result.put(argument.name, std::move(items), ValueSource::command_line);
    }
    if (next < words.size()) {
        refuse(command, fmt::format("'hab {}' does not take '{}'", command, words[next]));
    }
}

}  // namespace

const OptionSpec* find_option(std::span<const OptionSpec> options, std::string_view word) {
    const bool is_long = word.starts_with("--");
    const std::string_view name = is_long ? word.substr(2, word.find('=') - 2) : word.substr(1, 1);
    for (const OptionSpec& option : options) {
        if (is_long ? option.name == name : !name.empty() && option.letter == name.front()) {
            return &option;
        }
    }
    return nullptr;
}

bool has_attached_value(std::string_view word) {
    return word.starts_with("--") ? word.find('=') != word.npos : word.size() > 2;
}

Arguments parse_arguments(std::string_view command_path, std::span<const OptionSpec> options,
                          std::span<const ArgumentSpec> arguments, bool verbatim,
                          std::vector<std::string> words, const SettingLookup& setting) {
    const std::size_t own = own_words(options, verbatim, words);
    std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(own), words.end());
    words.resize(own);
    if (!rest.empty() && rest.front() == "--") rest.erase(rest.begin());

    Arguments result;
    std::vector<std::string> positionals;
    try {
        const po::options_description description = describe(options);
        const auto style =
            po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        const auto parsed = po::command_line_parser(words).options(description).style(style).run();
        for (const auto& option : parsed.options) {
            if (option.position_key >= 0) {
                positionals.insert(positionals.end(), option.value.begin(), option.value.end());
                continue;
            }
            const OptionSpec* spec = find_option(options, "--" + option.string_key);
            std::vector<std::string> items;
            if (spec->kind == OptionKind::flag) {
                items = {"true"};
            } else {
                if (result.source(spec->name) == ValueSource::command_line &&
                    spec->kind == OptionKind::list) {
                    items = result.all(spec->name);
                }
                items.insert(items.end(), option.value.begin(), option.value.end());
            }
            result.put(spec->name, std::move(items), ValueSource::command_line);
        }
    } catch (const po::error& error) {
        explain(command_path, options, error);
    }
    std::move(rest.begin(), rest.end(), std::back_inserter(positionals));
    put_defaults(options, setting, result);
    put_positionals(command_path, arguments, std::move(positionals), setting, result);
    return result;
}

}  // namespace hab::cli
