// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hab::launcher {

/// One line "hab-launch(LR): text" on stderr, in one write.
void report(const std::string& text) noexcept;

/// "exited with code 3" or "was terminated by signal 9".
[[nodiscard]] std::string describe_status(int wait_status);

}  // namespace hab::launcher
