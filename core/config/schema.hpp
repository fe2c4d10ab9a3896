// SPDX-License-Identifier: Apache-2.0
// config.schema.toml of a package: what its configuration may look like. Refuses wrong values
// before a template sees them, and knows which ones are secret. docs/formats/config-schema.md has
// the language.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace hab::config {

struct SchemaRule;

/// File of a package that holds its schema, beside default.toml.
inline constexpr std::string_view schema_file_name = "config.schema.toml";
/// What is shown in place of a secret.
inline constexpr std::string_view redacted_text = "(secret)";

/// A value that the schema does not allow, or one that it misses.
struct Violation {
    std::string key;     ///< "server.port", "backends[2].host"
    std::string value;   ///< as JSON, shortened; "(secret)" for a secret one, empty if missing
    std::string rule;    ///< "it must be at most 65535"
    std::string origin;  ///< "/hab/user/redis/config/user.toml:3"; empty if missing
    std::string help;    ///< where the rule stands, and its description

    /// "<origin>: server.port = 99999 is refused: it must be at most 65535".
    [[nodiscard]] std::string sentence() const;
};

/// An invalid_input error that tells the first few violations; there must be one. The hint says
/// where the first rule stands.
[[nodiscard]] Error violation_error(std::span<const Violation> violations);

/// A key that neither the schema nor the defaults know.
struct UnknownKey {
    std::string key;
    std::string origin;
    std::string suggestion;  ///< a known key of almost that name, or empty

    /// "<origin>: nothing knows the key 'prot'; did you mean 'port'?"
    [[nodiscard]] std::string sentence() const;
};

/// Immutable; cheap to copy. A schema that was never parsed allows everything.
class Schema {
public:
    Schema() = default;

    /// Throws invalid_input "<source>:<line>: …" for a text that is no schema: unknown words,
    /// rules that do not fit their type, patterns that do not compile.
    [[nodiscard]] static Schema parse(std::string_view text, std::string_view source);
    /// Reads a file; a schema that allows everything if there is none.
    [[nodiscard]] static Schema read_if_exists(const std::filesystem::path& path);

    [[nodiscard]] explicit operator bool() const noexcept { return root_ != nullptr; }

    /// Every value of one layer that breaks a rule, in the order of the layer. Absent keys are fine.
    [[nodiscard]] std::vector<Violation> check(const Value& layer) const;
    /// Every required key that is absent, in the order of the schema. Keys of an optional table
    /// are required only if the table is there.
    [[nodiscard]] std::vector<Violation> missing(const Value& merged) const;
    /// Keys that neither the schema nor `defaults` (default.toml) know.
    [[nodiscard]] std::vector<UnknownKey> unknown(const Value& layer, const Value& defaults) const;

    /// The same tree with "(secret)" in place of each secret value.
    [[nodiscard]] Value redacted(const Value& cfg) const;
    /// Whether the value at a dotted path, or one inside of it, is secret.
    [[nodiscard]] bool has_secret(std::string_view dotted) const;
    /// Whether values at this path pattern may exist: "server.port", "backends.*.host". A table
    /// that takes any key has all of them.
    [[nodiscard]] bool describes(std::string_view pattern) const;
    /// Names at one level ("" is the top), for suggestions.
    [[nodiscard]] std::vector<std::string> names(std::string_view dotted) const;

private:
    explicit Schema(std::shared_ptr<const SchemaRule> root) : root_(std::move(root)) {}
    std::shared_ptr<const SchemaRule> root_;
};

}  // namespace hab::config
