// SPDX-License-Identifier: Apache-2.0
// What the operator wants of one service: the file specs/NAME.spec. docs/formats/spec-file.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "package/ident.hpp"
#include "supervisor/commands.hpp"
#include "supervisor/service_group.hpp"

namespace hab::supervisor {

struct ServiceSpec {
    package::Ident ident;
    std::string name;  ///< of the service; empty: that of the package
    std::string group = "default";
    std::string bldr_url = "https://bldr.habitat.sh";
    std::string channel = "stable";
    std::string topology = "standalone";
    std::string update_strategy = "none";     ///< none, at-once, rolling
    std::string update_condition = "latest";  ///< latest, track-channel
    std::vector<ServiceBind> binds;
    std::string binding_mode = "strict";  ///< strict, relaxed
    std::optional<std::string> config_from;
    bool desired_up = true;
    std::optional<std::uint32_t> shutdown_timeout;  ///< seconds
    std::chrono::seconds health_check_interval{30};
    bool run_once = false;                      ///< its process does a piece of work and ends
    std::optional<std::chrono::seconds> every;  ///< and does it again, that long after each start
    package::ServiceLimits limits;              ///< over those of the package

    [[nodiscard]] bool runs_once() const noexcept { return run_once || every.has_value(); }

    bool operator==(const ServiceSpec&) const = default;

    /// Key of the service on its supervisor, and of its directories.
    [[nodiscard]] const std::string& service() const { return name.empty() ? ident.name : name; }
    /// "nginx.default".
    [[nodiscard]] ServiceGroup service_group() const { return {service(), group, {}}; }
};

/// Unknown keys are skipped. Throws invalid_input: TOML errors with position, a key of the wrong
/// type or with a value that does not exist.
[[nodiscard]] ServiceSpec parse_spec(std::string_view text, std::string_view source);
[[nodiscard]] std::string spec_to_toml(const ServiceSpec& spec);

/// Throws invalid_input unless `name` can be the name of a service: letters, digits, '-' and '_',
/// the first a letter or digit.
void require_service_name(std::string_view name);

/// Lays options over a spec. Throws invalid_input for a value that does not exist, naming those
/// that do.
void apply_options(ServiceSpec& spec, const ServiceOptions& options);

/// Whether going from one to the other needs a restart of the process (else it is a live change).
[[nodiscard]] bool needs_restart(const ServiceSpec& running, const ServiceSpec& wanted) noexcept;

}  // namespace hab::supervisor
