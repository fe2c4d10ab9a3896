// SPDX-License-Identifier: Apache-2.0
#include "build/package_schema.hpp"

#include <fmt/format.h>

#include "build/build_error.hpp"
#include "config/schema.hpp"
#include "config/toml.hpp"
#include "package/metafiles.hpp"

namespace hab::build {

std::vector<std::string> check_package_schema(const fs::path& tree, const PlanValues& plan) {
    const auto text = read_file_if_exists(tree / config::schema_file_name, 1u << 20);
    if (!text) return {};
    std::vector<std::string> warnings;
    try {
        // Named as the author knows them, not by where the build has put them.
        const auto schema = config::Schema::parse(*text, config::schema_file_name);
        const std::string source =
            read_file_if_exists(tree / package::metafile::default_toml, 16u << 20)
                .value_or(std::string());
        const Value defaults = config::parse_toml(source, "default.toml");
        const auto violations = schema.check(defaults);
        if (!violations.empty()) throw config::violation_error(violations);
        for (const auto& key : schema.unknown(defaults, Value()))
            warnings.push_back(key.sentence());
        for (const auto& [name, path] : plan.map("pkg_exports")) {
            if (!schema.has_secret(path)) continue;
            warnings.push_back(
                fmt::format("pkg_exports hands the secret '{}' to every member of the ring, as "
                            "'{}'",
                            path, name));
        }
    } catch (const Error& error) {
        throw BuildError(1, error);
    }
    return warnings;
}

}  // namespace hab::build
