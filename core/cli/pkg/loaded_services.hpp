// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/paths.hpp"
#include "package/ident.hpp"

namespace hab::cli {

/// The releases that the running Supervisor of this machine has loaded, whether up or down; none if
/// no Supervisor runs. Throws conflict if one runs that cannot be asked: then nobody knows what it
/// needs.
[[nodiscard]] std::vector<package::Ident> loaded_services(const Paths& paths);

}  // namespace hab::cli
