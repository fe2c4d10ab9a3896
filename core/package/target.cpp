// SPDX-License-Identifier: Apache-2.0
#include "package/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

constexpr std::array<std::string_view, 7> known = {
    "x86_64-darwin",  "x86_64-linux",  "x86_64-linux-kernel2", "x86_64-windows",
    "aarch64-darwin", "aarch64-linux", "aarch64-windows"};

#if defined(__x86_64__)
constexpr std::string_view active_name = known[1];
#elif defined(__aarch64__)
constexpr std::string_view active_name = known[5];
#else
#error "no package target is known for this processor"
#endif

}  // namespace

Target Target::active() noexcept {
    return Target(active_name);
}

std::optional<Target> Target::find(std::string_view text) noexcept {
    for (const std::string_view name : known) {
        if (name == text) return Target(name);
    }
    return std::nullopt;
}

Target Target::parse(std::string_view text) {
    if (const auto target = find(text)) return *target;
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' is not a package target", printable(text)),
                fmt::format("known targets are {}", fmt::join(known, ", ")));
}

}  // namespace hab::package
