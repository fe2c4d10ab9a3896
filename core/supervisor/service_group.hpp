// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hab::supervisor {

/// "service.group[@organization]". Parts are not empty and hold no '#', '@', '.' or '/'.
struct ServiceGroup {
    std::string service;
    std::string group = "default";
    std::string organization;  ///< empty: none

    /// Accepts and drops the legacy prefix "app.env#". Throws Error(invalid_input).
    [[nodiscard]] static ServiceGroup parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    bool operator==(const ServiceGroup&) const = default;
};

/// "bind:service.group[@organization]", exactly one colon.
struct ServiceBind {
    std::string name;
    ServiceGroup group;

    /// Throws Error(invalid_input).
    [[nodiscard]] static ServiceBind parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    bool operator==(const ServiceBind&) const = default;
};

}  // namespace hab::supervisor
