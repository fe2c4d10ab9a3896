// SPDX-License-Identifier: Apache-2.0
#include "package/archive/pax_records.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/strings.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

/// Seconds; fractions are cut off.
std::optional<std::int64_t> parse_time(std::string_view text) {
    const std::string_view whole = text.substr(0, text.find('.'));
    const std::string_view fraction = text.substr(whole.size());
    if (fraction.find_first_not_of("0123456789", 1) != fraction.npos) return std::nullopt;
    std::int64_t value = 0;
    const auto result = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (result.ec != std::errc() || result.ptr != whole.data() + whole.size()) return std::nullopt;
    return value;
}

template <typename Value>
std::string set_once(std::optional<Value>& field, std::optional<Value> value,
                     std::string_view key) {
    if (field) return fmt::format("an extended header has two values for '{}'", key);
    if (!value) return fmt::format("an extended header has a bad value for '{}'", key);
    field = std::move(value);
    return {};
}

std::optional<std::string> name_value(std::string_view value) {
    if (value.empty() || value.find('\0') != value.npos) return std::nullopt;
    return std::string(value);
}

std::string take(std::string_view key, std::string_view value, PaxRecords& records) {
    if (key == "path") return set_once(records.path, name_value(value), key);
    if (key == "linkpath") return set_once(records.link, name_value(value), key);
    if (key == "size") return set_once(records.size, parse_u64(value), key);
    if (key == "mtime") return set_once(records.mtime, parse_time(value), key);
    if (key.starts_with("GNU.sparse.") || key == "SCHILY.realsize") {
        return "it has files with holes, which packages do not have";
    }
    return {};
}

}  // namespace

std::string parse_pax_records(std::string_view text, PaxRecords& records) {
    while (!text.empty()) {
        const std::size_t blank = text.find(' ');
        const auto length = parse_u64(text.substr(0, blank));
        if (blank == text.npos || !length || *length <= blank + 1 || *length > text.size() ||
            text[*length - 1] != '\n') {
            return "an extended header has a record whose length is wrong";
        }
        const auto record = text.substr(blank + 1, *length - blank - 2);
        const std::size_t equals = record.find('=');
        if (equals == record.npos || equals == 0) {
            return fmt::format("an extended header has the record '{}', which is none",
                               printable(record));
        }
        auto defect = take(record.substr(0, equals), record.substr(equals + 1), records);
        if (!defect.empty()) return defect;
        text.remove_prefix(*length);
    }
    return {};
}

}  // namespace hab::package
