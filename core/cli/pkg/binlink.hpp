// SPDX-License-Identifier: Apache-2.0
// Links to programs, for `pkg binlink` and `pkg install --binlink`.
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "package/binlink.hpp"

namespace hab::cli {

/// Makes the links of package::binlink and says what was done; links that were left alone are
/// warnings.
void binlink_package(const Invocation& invocation, const package::InstalledPackage& package,
                     const std::optional<std::string>& binary,
                     const package::BinlinkOptions& options);

}  // namespace hab::cli
