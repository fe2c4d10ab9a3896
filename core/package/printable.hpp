// SPDX-License-Identifier: Apache-2.0
// Names from packages, made fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace hab::package {

/// Text from a package nobody vouches for, for a message: control characters and bytes that are not
/// UTF-8 become \xNN, so that they do nothing to a terminal, and what is long is cut.
[[nodiscard]] std::string printable(std::string_view name);

}  // namespace hab::package
