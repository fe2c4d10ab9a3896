// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hab {

/// Whether an environment variable says yes: it is there and neither empty nor "0" nor "false".
[[nodiscard]] bool says_true(const char* name) noexcept;

}  // namespace hab
