// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace hab::cli {

bool Arguments::flag(std::string_view name) const {
    const auto value = get(name);
    return value && (*value == "1" || *value == "true");
}

std::optional<std::string> Arguments::get(std::string_view name) const {
    const auto at = values_.find(name);
    if (at == values_.end() || at->second.items.empty()) return std::nullopt;
    return at->second.items.back();
}

std::string Arguments::require(std::string_view name) const {
    if (auto value = get(name)) return *std::move(value);
    throw Error(ErrorCode::usage, fmt::format("{} was not given", name),
                "run the command with --help to see its arguments");
}

std::vector<std::string> Arguments::all(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? std::vector<std::string>{} : at->second.items;
}

ValueSource Arguments::source(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? ValueSource::none : at->second.source;
}

void Arguments::put(std::string_view name, std::vector<std::string> items, ValueSource source) {
    values_.insert_or_assign(std::string(name), Values{std::move(items), source});
}

}  // namespace hab::cli
