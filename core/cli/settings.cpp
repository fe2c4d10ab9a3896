// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/toml.hpp"

namespace hab::cli {
namespace {

constexpr std::size_t max_settings_file = 1u << 20;

}  // namespace

const Value& Settings::all() const {
    if (table_) return *table_;
    const auto text = read_file_if_exists(file_, max_settings_file);
    table_ = text ? config::parse_toml(*text, file_.string()) : Value(Object{});
    return *table_;
}

std::optional<std::string> Settings::get(std::string_view key) const {
    const Value* value = all().as_object()->find(key);
    if (value == nullptr) return std::nullopt;
    if (const std::string* text = value->as_string()) {
        return text->empty() ? std::nullopt : std::optional(*text);
    }
    const auto line = value->origin() ? value->origin()->line : 0;
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}:{}: '{}' must be a string, but it is a value of type {}",
                            file_.string(), line, key, value->type_name()),
                "write the value in quotes, or run 'hab cli setup'");
}

bool is_secret_setting(std::string_view key) noexcept {
    return key == "auth_token" || key == "ctl_secret";
}

void write_settings(const std::filesystem::path& file, const Value& table) {
    const auto& entries = *table.as_object();
    const bool secret = std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
        return is_secret_setting(entry.first);
    });
    make_directories(file.parent_path());
    WriteOptions options;
    options.mode = secret ? 0600 : 0644;
    write_file_atomic(file, config::to_toml(table), options);
}

}  // namespace hab::cli
