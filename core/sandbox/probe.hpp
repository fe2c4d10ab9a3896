// SPDX-License-Identifier: Apache-2.0
// What this machine lets us do.
#pragma once

#include <string>
#include <vector>

namespace hab::sandbox {

enum class Cgroups { none, v1, v2, hybrid };

struct Capabilities {
    bool root = false;
    bool mount_namespaces = false;  ///< for the caller as it is
    bool user_namespaces = false;   ///< for the caller as it is
    Cgroups cgroups = Cgroups::none;
    std::vector<std::string> reasons;  ///< one sentence for each thing that does not work
};

/// Tries it in short-lived children; takes a few milliseconds.
[[nodiscard]] Capabilities probe();

[[nodiscard]] std::string_view to_string(Cgroups cgroups) noexcept;

}  // namespace hab::sandbox
