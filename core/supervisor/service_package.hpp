// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "config/template_choice.hpp"
#include "package/installed.hpp"
#include "supervisor/hooks.hpp"
#include "supervisor/service_state.hpp"
#include "supervisor/service_user.hpp"

namespace hab::supervisor {

/// One installed package as a service sees it; read once when the service is set up.
struct ServicePackage {
    std::string service;  ///< name of the service; the package's name unless another was given
    PackageState state;
    std::filesystem::path dir;  ///< of the package
    std::filesystem::path
        templates;  ///< where config/, hooks/ and default.toml are: dir, or --config-from
    std::map<Hook, std::string> hooks;    ///< templates of those it has
    bool plain_run = false;               ///< no hooks/run, but a file `run` that is used as it is
    std::vector<std::string> bind_names;  ///< mandatory and optional
    config::TemplateChoice templating;
    int stop_signal = 15;
    /// Number of the descriptor on which the process tells that it is ready; 0: it does not.
    std::uint32_t ready_fd = 0;
    package::ServiceLimits limits;

    [[nodiscard]] Readiness readiness() const {
        if (ready_fd != 0) return Readiness::descriptor;
        return hooks.contains(Hook::ready) ? Readiness::hook : Readiness::process;
    }
};

/// What the package says, with the paths of the directory of `service` (empty: named as the package)
/// and its runtime environment. Throws invalid_input for broken metafiles.
[[nodiscard]] PackageState package_state(const package::InstalledPackage& package,
                                         const package::InstalledPackages& store,
                                         const ServiceUser& user, const std::string& service = {});

/// Names in `state` what lies in `svc`, the directory of the service.
void set_service_paths(PackageState& state, const std::filesystem::path& svc);

/// The whole environment of a package's hooks and of its process: `runtime` (PackageState::env) over
/// our own, without what only this program and its launcher say to each other. The launcher's mark
/// stays: by it is found what outlives them.
[[nodiscard]] std::map<std::string, std::string, std::less<>> service_environment(
    const std::vector<std::pair<std::string, std::string>>& runtime);

/// How the package's templates are to be rendered. Throws what reading the metafiles throws.
[[nodiscard]] config::TemplateChoice template_choice(const package::Metafiles& meta);

/// Throws not_found / invalid_input when the package cannot run as a service: no run hook, an
/// unknown shutdown signal, broken metafiles.
[[nodiscard]] ServicePackage load_service_package(const package::InstalledPackage& package,
                                                  const package::InstalledPackages& store,
                                                  const std::optional<std::string>& config_from,
                                                  const ServiceUser& user,
                                                  const std::string& service);

/// "TERM" or "SIGTERM" or "15" -> 15; throws invalid_input.
[[nodiscard]] int signal_number(std::string_view name);

}  // namespace hab::supervisor
