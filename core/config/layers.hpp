// SPDX-License-Identifier: Apache-2.0
// The configuration of one service: layers, merged; later layers win.
//   default.toml < environment HAB_<NAME> < user.toml < value from the ring
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab::config {

/// `base` overlaid with `over`: tables are merged recursively, everything else (arrays too) is
/// replaced, also when the types differ. Keys keep the order of their first appearance. Each value
/// keeps the origin of the layer it came from. Throws invalid_input beyond max_depth levels.
[[nodiscard]] Value merge(Value base, const Value& over);

/// Reads an environment variable; nothing if unset. A seam: tests pass a map.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;
/// The process's own environment.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// Variable that holds a service's environment layer: "my-redis" -> "HAB_MY_REDIS".
[[nodiscard]] std::string environment_variable(std::string_view service);
/// The layer in that variable, tried as TOML and then as JSON; nothing if unset or empty. Throws
/// invalid_input if it is neither (the sentence tells the TOML error) or not a table.
[[nodiscard]] std::optional<Value> environment_layer(std::string_view service,
                                                     const EnvironmentLookup& lookup);

/// "default.toml:12", "environment HAB_REDIS:1"; empty for a value without origin.
[[nodiscard]] std::string describe_origin(const Value& value);

/// Where a service's layers are.
struct LayerSources {
    std::string service;                 ///< name of the package, for HAB_<NAME>
    std::filesystem::path default_toml;  ///< of the package (or of --config-from); may be missing
    std::filesystem::path user_toml;     ///< Paths::user_config(); may be missing
    EnvironmentLookup environment = process_environment;
};

/// The layers of one service and their merge. Not thread-safe: the supervisor's loop owns it.
class ServiceConfig {
public:
    /// Reads every layer. Throws if one is broken: a service does not start with half a
    /// configuration.
    [[nodiscard]] static ServiceConfig load(LayerSources sources);

    /// The merged object, with an origin at each value that was written somewhere.
    [[nodiscard]] const Value& merged() const noexcept { return merged_; }
    /// Grows with each change of merged(); starts at 1.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

    /// Reads user.toml again. True if merged() changed. If the file is broken it throws, and the
    /// old layer stays.
    bool reload_user();
    /// Replaces the whole ring layer (nothing removes it). True if merged() changed.
    bool set_ring(std::optional<Value> layer);

private:
    explicit ServiceConfig(LayerSources sources) : sources_(std::move(sources)) {}
    bool rebuild();

    LayerSources sources_;
    Value default_layer_;
    std::optional<Value> environment_;
    std::optional<Value> user_;
    std::optional<Value> ring_;
    Value merged_;
    std::uint64_t generation_ = 0;
};

}  // namespace hab::config
