// SPDX-License-Identifier: Apache-2.0
// The parsed arguments of one command.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hab::cli {

/// Where the value of an option came from.
enum class ValueSource { none, built_in, settings_file, environment, command_line };

class Arguments {
public:
    struct Values {
        std::vector<std::string> items;
        ValueSource source = ValueSource::none;
    };

    /// Whether a flag was given (or its variable is 1 or true).
    [[nodiscard]] bool flag(std::string_view name) const;
    /// Value of an option or single positional argument; nothing when neither given nor defaulted.
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
    /// Same, for one that is required or has a default. Throws Error(usage) when it is missing.
    [[nodiscard]] std::string require(std::string_view name) const;
    /// All values of a list option or of the rest argument.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    [[nodiscard]] ValueSource source(std::string_view name) const;

    void put(std::string_view name, std::vector<std::string> items, ValueSource source);

private:
    std::map<std::string, Values, std::less<>> values_;
};

}  // namespace hab::cli
