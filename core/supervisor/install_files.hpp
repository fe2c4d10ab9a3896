// SPDX-License-Identifier: Apache-2.0
// What the install and uninstall hooks of a package run with. There need not be a supervisor: the
// command line runs them.
#pragma once

#include <string_view>

#include "package/installed.hpp"
#include "plugin/registry.hpp"
#include "supervisor/hook_process.hpp"

namespace hab::supervisor {

/// Prepares the service directory of the package, renders its templates below config_install/ and
/// the hook ("install" or "uninstall") with pkg and cfg alone, and says how the hook is to be run:
/// in its package's environment, as its service user where we can change to it. Nothing is
/// written if a template fails. Throws as ServiceFiles.
[[nodiscard]] HookCommand prepare_package_hook(const package::InstalledPackage& package,
                                               const package::InstalledPackages& store,
                                               std::string_view hook, plugin::Registry& plugins);

}  // namespace hab::supervisor
