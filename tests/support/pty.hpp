// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "support/run.hpp"

namespace hab::test {

/// Runs a program on a pseudo-terminal of the given width, so that it believes a person is
/// watching. Everything it printed is in `out`.
RunResult run_on_pty(const std::vector<std::string>& argv, unsigned width = 80,
                     const RunOptions& options = {});

}  // namespace hab::test
