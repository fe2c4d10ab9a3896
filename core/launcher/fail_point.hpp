// SPDX-License-Identifier: Apache-2.0
// Where tests kill the launcher. Its own, because the launcher links nothing of base/; what a rule
// looks like is the same (base/fail_point.hpp).
#pragma once

#include <string_view>

namespace hab::launcher {

/// Marks a place. Does nothing unless HAB_FAIL_POINTS is "@FILE" and FILE is just now "NAME=kill":
/// then the file is removed, so that it holds once, and the process gets SIGKILL.
void fail_point(std::string_view name);

}  // namespace hab::launcher
