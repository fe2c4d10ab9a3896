// SPDX-License-Identifier: Apache-2.0
// What a command of `hab` is: an entry in a static table from which parsing, help, completion and
// the command reference are made.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "base/terminal.hpp"
#include "cli/arguments.hpp"
#include "cli/settings.hpp"

namespace hab::cli {

enum class OptionKind {
    flag,   ///< present or not
    value,  ///< takes one value
    list,   ///< may be given several times, each with a value
};

/// One option. All texts are static or outlive the parse (plugin options borrow from their
/// metadata).
struct OptionSpec {
    std::string_view name;  ///< long name without dashes
    char letter = '\0';     ///< short name, or none
    OptionKind kind = OptionKind::flag;
    std::string_view value_name = {};  ///< "CHANNEL"; for help
    std::string_view help = {};        ///< one line
    std::string_view env =
        {};  ///< environment variable that gives the default; empty counts as unset
    std::string_view default_value = {};
    bool hidden = false;
    /// Key in cli.toml that gives the default where the environment does not.
    std::string_view setting = {};
};

/// One positional argument, in order.
struct ArgumentSpec {
    std::string_view name = {};  ///< "PKG_IDENT"
    std::string_view help = {};
    bool required = true;
    bool rest = false;  ///< takes everything that is left (last argument only)
    /// As for options: where the value comes from when the argument is not given.
    std::string_view env = {};
    std::string_view setting = {};
};

/// What a command runs with. Borrowed for the duration of the run.
struct Invocation {
    const Arguments& args;
    Terminal& terminal;
    const Paths& paths;
    const Clock& clock;
    /// `--plugin FILE` before the command, in order.
    std::span<const std::string> plugin_files;
    /// cli.toml, for what is not an option of the command.
    const Settings& settings;
};

struct Command {
    std::string_view path = {};     ///< words separated by one blank: "pkg hash"
    std::string_view summary = {};  ///< one line, no full stop
    std::string_view description = {};
    std::span<const ArgumentSpec> arguments = {};
    std::span<const OptionSpec> options = {};
    /// Everything from the first positional on is taken verbatim (pkg exec, studio run, pkg
    /// export): options of this command must come before it.
    bool verbatim = false;
    /// The command answers --help itself once a positional argument is given (plugin options).
    bool own_help = false;
    /// Beyond 0 ok, 1 error, 2 usage; one line each, "42  no plan found".
    std::string_view exit_codes = {};
    /// Returns the exit code. Errors are thrown and printed by main, the only print site.
    int (*run)(Invocation& invocation) = nullptr;
    bool hidden = false;
    /// Other words for the same command, as `install` for `pkg install`: those of older versions.
    std::span<const std::string_view> also = {};
};

/// Every command, families in the order of the overview.
[[nodiscard]] const std::vector<Command>& command_table();

}  // namespace hab::cli
