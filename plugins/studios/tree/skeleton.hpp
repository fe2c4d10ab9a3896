// SPDX-License-Identifier: Apache-2.0
// What is on disk of a studio: directories, account files and the marker that says it is one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hab/studio.hpp>

namespace studio_tree {

namespace fs = std::filesystem;

/// Name of the file that makes a directory a studio.
inline constexpr const char* marker = ".studio";

/// Makes or refreshes the tree of a studio. An existing one is opened: what was written into it
/// stays, only the files that mirror the machine (hosts, resolv.conf) and the shell's links are
/// renewed. Throws HAB_STATUS_USAGE if the directory exists and is something else than a studio,
/// HAB_STATUS_FAILED if programs have replaced one of its directories by something else.
void prepare_tree(const fs::path& root, const std::string& type, const std::string& backend,
                  const std::vector<hab::sdk::Mount>& mounts);

/// Type of the studio at a directory; nothing if there is none.
[[nodiscard]] std::optional<std::string> studio_type(const fs::path& root);
/// Plugin that made the studio at a directory; nothing if there is none.
[[nodiscard]] std::optional<std::string> studio_backend(const fs::path& root);

/// The studios right below a directory, sorted; those of one backend only.
[[nodiscard]] std::vector<hab::sdk::StudioListing> list_studios(const fs::path& home,
                                                                const std::string& backend);

/// Throws HAB_STATUS_USAGE unless a studio may be made or removed at spec.root_dir, and
/// HAB_STATUS_UNSUPPORTED for a type that no studio has. One that another plugin made is opened only
/// to be made anew. The type may be empty: that of the studio
/// that is there, else "default". Returns the type.
[[nodiscard]] std::string checked_type(const hab::sdk::StudioSpec& spec,
                                       const std::string& backend);

/// "/hab/pkgs/core/bash/5.2/2026…" -> "bash"; empty for other targets.
[[nodiscard]] std::string package_name(const std::string& target);

/// Links to a package's busybox: one per name (a line each) in /opt/busybox, or the shells alone.
void put_busybox_links(const fs::path& root, const std::string& package, std::string_view names,
                       bool only_shells);

}  // namespace studio_tree
