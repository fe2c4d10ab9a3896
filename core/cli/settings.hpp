// SPDX-License-Identifier: Apache-2.0
// cli.toml: a person's defaults for commands.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab::cli {

/// The file, read when the first key is asked for: most commands never need it. Not thread-safe.
class Settings {
public:
    explicit Settings(std::filesystem::path file) : file_(std::move(file)) {}

    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    /// The text under a key; nothing if the file or the key is not there, or the text is empty.
    /// Throws invalid_input, naming file and line, if the file is not TOML or the value not a
    /// string.
    [[nodiscard]] std::optional<std::string> get(std::string_view key) const;
    /// The whole file, an empty object if it does not exist. Throws as get().
    [[nodiscard]] const Value& all() const;

private:
    std::filesystem::path file_;
    mutable std::optional<Value> table_;
};

/// Keys whose values nobody else may read.
[[nodiscard]] bool is_secret_setting(std::string_view key) noexcept;

/// Replaces the file with this table, atomically: mode 0600 if it holds a secret, else 0644; its
/// directory is created.
void write_settings(const std::filesystem::path& file, const Value& table);

}  // namespace hab::cli
