// SPDX-License-Identifier: Apache-2.0
// A service as its plan describes it, for supervisors that run it in virtual time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hab::ring::sim {

struct PlanBind {
    std::string name;
    std::vector<std::string> keys;  ///< what the other side must export
    bool required = true;           ///< the service does not start without
};

struct Plan {
    std::string context;  ///< where it was found, to be named again
    std::string name;     ///< of the package; the group is NAME.default
    std::string ident;    ///< ORIGIN/NAME/VERSION/RELEASE
    std::string exports;  ///< TOML that the service tells its ring
    std::vector<PlanBind> binds;

    /// Supervisors that are needed to run the plan and one stand-in for each bind.
    [[nodiscard]] std::size_t least_nodes() const noexcept { return binds.size() + 1; }
};

}  // namespace hab::ring::sim
