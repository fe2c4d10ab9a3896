// SPDX-License-Identifier: Apache-2.0
// A configuration as a list of values, each with the place where it was written.
#pragma once

#include <string>
#include <vector>

#include "config/schema.hpp"

namespace hab::config {

struct OriginRow {
    std::string path;    ///< as TOML writes it: server.port, "a key".x
    std::string value;   ///< as JSON, on one line; "(secret)" for secrets
    std::string origin;  ///< "default.toml:12"; empty if unknown
};

/// Every plain value, list and empty table of `cfg`, in its order. Secrets are not shown.
[[nodiscard]] std::vector<OriginRow> origin_rows(const Value& cfg, const Schema& schema);

}  // namespace hab::config
