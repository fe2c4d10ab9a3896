// SPDX-License-Identifier: Apache-2.0
#include "supervisor/not_loaded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/strings.hpp"

namespace hab::supervisor {
namespace {

std::string_view name_in(std::string_view ident) {
    const auto parts = split(ident, '/');
    return parts.size() > 1 ? parts[1] : parts[0];
}

/// The same name under another origin is nearer than any other spelling.
std::optional<std::string> nearest_service(std::string_view wanted,
                                           std::span<const std::string> loaded) {
    const auto same = std::find_if(loaded.begin(), loaded.end(), [&](const std::string& one) {
        return name_in(one) == name_in(wanted);
    });
    if (same != loaded.end()) return *same;
    if (wanted.find('/') != wanted.npos) return nearest(wanted, loaded);
    std::vector<std::string> names;
    for (const std::string& one : loaded)
        names.emplace_back(name_in(one));
    return nearest(wanted, names);
}

}  // namespace

Error not_loaded(std::string_view wanted, std::span<const std::string> loaded) {
    const auto near = nearest_service(wanted, loaded);
    return Error(ErrorCode::not_found, fmt::format("Service not loaded, {}", wanted),
                 near && *near != wanted ? fmt::format("did you mean '{}'?", *near)
                                         : "`hab svc status` lists what is loaded");
}

}  // namespace hab::supervisor
