// SPDX-License-Identifier: Apache-2.0
// The end of a program, for the ABI. Private to host/.
#pragma once

#include <hab/plugin.h>

#include "sandbox/run.hpp"

namespace hab::host {

/// Fills the plugin's struct. Throws cancelled if the program was killed on cancellation.
void finish(const sandbox::RunResult& done, hab_exec_result* result);

}  // namespace hab::host
