// SPDX-License-Identifier: Apache-2.0
// The configuration of one service: layers, checked by the package's schema and merged; later
// layers win.
//   default.toml < environment HAB_<NAME> < user.toml < value from the ring
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "config/schema.hpp"

namespace hab::config {

/// `base` overlaid with `over`: tables are merged recursively, everything else (arrays too) is
/// replaced, also when the types differ. Keys keep the order of their first appearance. Each value
/// keeps the origin of the layer it came from. Throws invalid_input beyond max_depth levels.
[[nodiscard]] Value merge(Value base, const Value& over);

/// Which layer wins, and how layers are put together.
enum class LayerOrder {
    current,  ///< default < environment < user < ring, merged at every depth
    /// As Habitat did in 2016: default < user < ring < environment, and a table of a later layer
    /// replaces the whole table of an earlier one.
    of_2016,
};
/// "current" or "2016"; throws usage for anything else. HAB_CONFIG_ORDER is read with this.
[[nodiscard]] LayerOrder layer_order_from(std::string_view word);
/// Name of the supervisor's variable that selects the order.
inline constexpr const char* layer_order_variable = "HAB_CONFIG_ORDER";

/// `base` overlaid with `over` as in 2016: only the names at the top are put together.
[[nodiscard]] Value merge_top(Value base, const Value& over);

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

/// The layer that the ring brings; its values say "ring version 42:3". Throws as parse_toml.
[[nodiscard]] Value parse_ring_layer(std::string_view text, std::uint64_t version);

/// "default.toml:12", "environment HAB_REDIS:1"; empty for a value without origin.
[[nodiscard]] std::string describe_origin(const Value& value);

/// Where a service's layers are.
struct LayerSources {
    std::string service;  ///< name of the package, for HAB_<NAME>
    // Files as text: each service holds them, and a path is an object for each of its parts.
    std::string default_toml;  ///< of the package (or of --config-from); may be missing
    std::string user_toml;     ///< Paths::user_config(); may be missing
    EnvironmentLookup environment = process_environment;
    std::string schema_toml = {};  ///< of the package; may be missing or empty
    LayerOrder order = LayerOrder::current;
    bool may_lack_values = false;    ///< what the schema requires may be missing: for static checks
    std::optional<Value> ring = {};  ///< the layer of the ring as it is known at the beginning
};

/// The layers of one service and their merge. Not thread-safe: the supervisor's loop owns it.
class ServiceConfig {
public:
    /// Reads every layer. Throws if one is broken or violates the schema, or if a required value is
    /// missing: a service does not start with half a configuration.
    [[nodiscard]] static ServiceConfig load(LayerSources sources);

    /// The merged object, with an origin at each value that was written somewhere.
    [[nodiscard]] const Value& merged() const noexcept { return merged_; }
    /// The same, fit to be shown: without secrets.
    [[nodiscard]] Value redacted() const { return schema_.redacted(merged_); }
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Grows with each change of merged(); starts at 1.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
    /// What the last change of merged() changed: JSON Pointers as of changed_paths(), empty after
    /// load().
    [[nodiscard]] const std::vector<std::string>& changed() const noexcept { return changed_; }
    /// Sentences about keys that nothing knows, of all layers.
    [[nodiscard]] std::vector<std::string> warnings() const;

    /// Reads user.toml again. True if merged() changed. If the file is broken or violates the
    /// schema, it throws, and the old layer stays.
    bool reload_user();
    /// Replaces the whole ring layer (nothing removes it). True if merged() changed. Throws if the
    /// layer violates the schema; then the old one stays.
    bool set_ring(std::optional<Value> layer);

private:
    explicit ServiceConfig(LayerSources sources) : sources_(std::move(sources)) {}
    bool replace(std::optional<Value>& layer, std::optional<Value> by);
    bool rebuild();
    void check(const std::optional<Value>& layer) const;

    LayerSources sources_;
    Schema schema_;
    std::optional<Value> default_;
    std::optional<Value> environment_;
    std::optional<Value> user_;
    std::optional<Value> ring_;
    Value merged_;
    std::vector<std::string> changed_;
    std::uint64_t generation_ = 0;
};

}  // namespace hab::config
