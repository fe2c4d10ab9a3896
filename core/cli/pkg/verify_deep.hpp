// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace hab::cli {

/// `hab pkg verify --deep IDENT`. Throws crypto if the package is not what was signed, after telling
/// what differs.
int run_verify_deep(Invocation& invocation);

}  // namespace hab::cli
