// SPDX-License-Identifier: Apache-2.0
// Which studio a command means, and what is seen inside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "build/studio_choice.hpp"
#include "cli/command.hpp"
#include "cli/studio/tools.hpp"
#include "host/session.hpp"
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

/// What the backend says about the studio at a directory; empty if it knows none there.
[[nodiscard]] std::string studio_type_at(const plugin::Studio& backend,
                                         const std::filesystem::path& root);

/// One command's studio: the plugin, and the signals that end it.
class StudioPlace {
public:
    /// Chooses the plugin; throws what build::choose_studio() throws, usage for --quiet with
    /// --verbose.
    explicit StudioPlace(const Invocation& invocation);

    [[nodiscard]] const StudioPaths& paths() const noexcept { return paths_; }
    [[nodiscard]] const plugin::Studio& backend() const noexcept { return choice_.studio; }
    /// What does not work in the plugin's studios.
    [[nodiscard]] const std::vector<std::string>& limits() const noexcept { return choice_.limits; }
    /// Type asked for, else that of the studio that is there, else default.
    [[nodiscard]] std::string type() const;
    /// Opens it with everything that is seen inside.
    [[nodiscard]] plugin::OpenStudio open(const StudioTools& tools) const;
    /// Removes it.
    void remove() const;
    /// Environment of programs inside.
    [[nodiscard]] plugin::Environment environment(const StudioTools& tools) const;
    /// Starting directory inside.
    [[nodiscard]] std::string start_directory() const;

private:
    [[nodiscard]] plugin::StudioSpec make_spec() const;
    void say_choice() const;
    void say_environment(const plugin::Environment& environment) const;

    const Invocation& invocation_;
    StudioPaths paths_;
    sandbox::Interrupt interrupt_;
    host::Session session_;
    build::StudioChoice choice_;
};

}  // namespace hab::cli
