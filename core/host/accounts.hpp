// SPDX-License-Identifier: Apache-2.0
// The accounts an image needs: the usual system ones and those of its service.
#pragma once

#include <cstdint>
#include <string>

namespace hab::host {

/// Content of an image's account files, and who its service runs as.
struct Accounts {
    std::string passwd;
    std::string group;
    std::string nsswitch;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

/// For a service user and group; the combinations are upstream's (docs/compatibility/exporters.md).
/// The account `hab` always exists.
[[nodiscard]] Accounts make_accounts(const std::string& user, const std::string& group);

}  // namespace hab::host
