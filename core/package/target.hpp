// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hab::package {

/// A platform, "x86_64-linux": one of a closed, case-sensitive list. A small value.
class Target {
public:
    /// The platform this program was built for.
    [[nodiscard]] static Target active() noexcept;
    [[nodiscard]] static std::optional<Target> find(std::string_view text) noexcept;
    /// Throws invalid_input that lists the known targets.
    [[nodiscard]] static Target parse(std::string_view text);

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::string to_string() const { return std::string(name_); }
    bool operator==(const Target&) const = default;

private:
    explicit Target(std::string_view name) noexcept : name_(name) {}
    std::string_view name_;  // points into the static list
};

}  // namespace hab::package
