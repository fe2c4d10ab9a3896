// SPDX-License-Identifier: Apache-2.0
// Whether the install hook of an installed package has done its work: INSTALL_HOOK_STATUS, a
// metafile that installing writes. docs/formats/metafiles.md.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "package/installed.hpp"

namespace hab::package {

/// The package has the hook as a file: hooks/install or hooks/uninstall.
[[nodiscard]] bool has_hook(const InstalledPackage& package, std::string_view hook);

/// Exit code of the install hook's last run; nothing if it has not run yet. Throws invalid_input
/// if the file holds something else than a number.
[[nodiscard]] std::optional<int> install_hook_status(const InstalledPackage& package);
/// Durable. Throws io, denied.
void write_install_hook_status(const InstalledPackage& package, int exit_code);

/// The packages whose install hook has still to succeed before `package` can be used: those of its
/// TDEPS that are installed, each after what it needs itself, then the package. Throws as
/// install_hook_status.
[[nodiscard]] std::vector<InstalledPackage> pending_install_hooks(const InstalledPackage& package,
                                                                  const InstalledPackages& store);

}  // namespace hab::package
