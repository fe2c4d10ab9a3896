// SPDX-License-Identifier: Apache-2.0
// What could follow the words typed so far: the part of completion that only the command table
// decides. The same for every shell.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

struct Candidate {
    std::string word;  ///< the whole word, not only what is missing
    std::string help;  ///< one line, may be empty
};

struct Completion {
    std::vector<Candidate> candidates;
    bool files = false;        ///< names of files are answers, too
    bool directories = false;  ///< names of directories are
    bool unfinished = false;   ///< the words are beginnings: no blank after them
};

/// A value that is asked for.
struct WantedValue {
    std::string_view command;  ///< "svc stop"
    std::string_view name;     ///< of the argument ("PKG_IDENT"), or of the option's value
    std::string_view option;   ///< without dashes; empty for an argument
    std::string_view help;     ///< of the argument or option
    std::string_view partial;  ///< what was typed of it
    std::span<const std::string> positionals;  ///< the command's arguments before it
};

/// What the table does not say: values from this machine, options of plugins.
class CompletionSource {
public:
    virtual ~CompletionSource() = default;
    /// Answers need not begin with `partial`; the caller filters.
    [[nodiscard]] virtual Completion values(const WantedValue& wanted) = 0;
    /// Options and arguments that follow the first argument of a command with `own_help`; nothing
    /// if it names no plugin. They stay valid while the source lives.
    struct Further {
        std::vector<OptionSpec> options;
        std::vector<ArgumentSpec> arguments;
    };
    [[nodiscard]] virtual const Further* further(std::string_view command,
                                                 std::string_view first) = 0;
};

/// `words` are those behind `hab`; the last is the one being typed and may be empty. Sorted, each
/// once. Never throws for odd words: nothing follows them.
[[nodiscard]] Completion complete(std::span<const Command> table,
                                  std::span<const std::string> words, CompletionSource& source);

/// The words that an option's help says are its only values: those of "text or json" and
/// "Order: current or 2016". Empty for any other text.
[[nodiscard]] std::vector<std::string> choices_in(std::string_view help);

}  // namespace hab::cli
