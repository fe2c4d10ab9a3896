// SPDX-License-Identifier: Apache-2.0
// What every studio of ours is made of, whether a build or `hab studio` opens it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/studio.hpp"
#include "sandbox/spec.hpp"

namespace hab::build {

/// Packages whose programs are on the PATH of a studio.
struct StudioToolNames {
    std::vector<std::string> idents;
    bool required = false;  ///< the operator named them: one that is missing is an error
};

/// HAB_STUDIO_TOOLS (idents separated by blanks), or a shell and the usual small tools.
[[nodiscard]] StudioToolNames studio_tool_names();

/// `source` of the host at `target` inside.
[[nodiscard]] plugin::StudioMount bind_directory(const std::filesystem::path& source,
                                                 const std::string& target, bool read_only);

/// A name that every backend takes ([a-z0-9-]{1,63}): other letters become dashes, and the end of a
/// long text is kept.
[[nodiscard]] std::string studio_plugin_name(std::string_view text);

/// Environment of programs in a studio: what upstream lets through of the caller's, and each
/// HAB_STUDIO_SECRET_X as X.
[[nodiscard]] sandbox::Environment studio_environment(const sandbox::Environment& caller);

/// "/home/me/my plans" -> "home--me--my-plans", as upstream names studios; of a very long path the
/// end, behind a hash of the whole.
[[nodiscard]] std::string studio_directory_name(const std::filesystem::path& source_root);

}  // namespace hab::build
