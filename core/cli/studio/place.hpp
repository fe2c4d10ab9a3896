// SPDX-License-Identifier: Apache-2.0
// Which studio a command means, and what is seen inside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "host/session.hpp"
#include "package/installed.hpp"
#include "plugin/studio.hpp"
#include "sandbox/interrupt.hpp"

namespace hab::cli {

/// Where the studio of an invocation is: --root, else a directory below /hab/studios named after
/// the source.
struct StudioPaths {
    std::filesystem::path source;
    std::filesystem::path root;
};
[[nodiscard]] StudioPaths studio_paths(const Invocation& invocation);

/// The packages that a shell inside needs, with all they depend on.
struct StudioTools {
    std::vector<package::InstalledPackage> packages;
    std::string path;  ///< PATH inside
    std::string bash;  ///< path inside
};
/// HAB_STUDIO_TOOLS (or the default set, as far as it is installed), HAB_STUDIO_INSTALL_PKGS and
/// --pkg. Throws not_found without a bash package, or for a package that was named and is not
/// installed.
[[nodiscard]] StudioTools studio_tools(const Invocation& invocation);

/// One command's studio: the plugin, and the signals that end it.
class StudioPlace {
public:
    explicit StudioPlace(const Invocation& invocation);

    [[nodiscard]] const StudioPaths& paths() const noexcept { return paths_; }
    [[nodiscard]] const plugin::Studio& backend() const noexcept { return studio_; }
    /// The backend's word on whether it is usable here, given in a child process: a plugin that
    /// crashes or hangs is not.
    [[nodiscard]] plugin::StudioProbe probe();
    /// Opens it with everything that is seen inside.
    [[nodiscard]] plugin::OpenStudio open(const StudioTools& tools) const;
    /// Opens it bare, to remove it.
    [[nodiscard]] plugin::OpenStudio open_bare() const;
    /// Environment of programs inside.
    [[nodiscard]] plugin::Environment environment(const StudioTools& tools) const;
    /// Starting directory inside.
    [[nodiscard]] std::string start_directory() const;

private:
    [[nodiscard]] plugin::StudioSpec make_spec() const;

    const Invocation& invocation_;
    StudioPaths paths_;
    sandbox::Interrupt interrupt_;
    host::Session session_;
    plugin::Studio studio_;
};

}  // namespace hab::cli
