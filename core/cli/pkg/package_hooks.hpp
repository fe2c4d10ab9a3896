// SPDX-License-Identifier: Apache-2.0
// The install and uninstall hooks of packages, which the command line runs.
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "package/installed.hpp"
#include "plugin/registry.hpp"

namespace hab::cli {

/// A hook that did not end well; its exit code becomes the command's.
class HookFailed : public Error {
public:
    HookFailed(std::string message, std::string hint, int hook_exit_code)
        : Error(ErrorCode::failed, std::move(message), std::move(hint)),
          hook_exit_code_(hook_exit_code) {}
    [[nodiscard]] int hook_exit_code() const noexcept { return hook_exit_code_; }

private:
    int hook_exit_code_;
};

/// Runs hooks one after the other. Their output goes to the terminal line by line and to the
/// service's logs directory; HAB_AUTH_TOKEN is in their environment if there is a token.
class PackageHooks {
public:
    /// Both are borrowed.
    PackageHooks(Invocation& invocation, const package::InstalledPackages& store)
        : invocation_(invocation), store_(store) {}

    /// The install hooks that have not succeeded yet, of everything the package needs and then its
    /// own. Several processes do not run the same hook at once. Throws HookFailed, and what
    /// prepare_package_hook() and INSTALL_HOOK_STATUS throw.
    void run_install_hooks(const package::InstalledPackage& package);
    /// The package's uninstall hook, if it has one.
    void run_uninstall_hook(const package::InstalledPackage& package);

private:
    void run_install_hook(const package::InstalledPackage& package);
    /// Exit code of the hook; 128 + signal if one ended it.
    int run(const package::InstalledPackage& package, const std::string& hook);
    plugin::Registry& plugins();

    Invocation& invocation_;
    const package::InstalledPackages& store_;
    std::optional<plugin::Registry> plugins_;  ///< most packages have no hooks: found when needed
};

}  // namespace hab::cli
