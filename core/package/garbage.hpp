// SPDX-License-Identifier: Apache-2.0
// What nothing needs any more: the decision. docs/guide/garbage.md says the rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "package/installed.hpp"
#include "package/package_graph.hpp"
#include "package/path_use.hpp"

namespace hab::package {

enum class GarbageKind { package, artifact, source, build, studio, plugin_cache };
/// "package", "artifact", "source", "build", "studio", "plugin cache".
[[nodiscard]] std::string_view to_string(GarbageKind kind) noexcept;

/// Something that needs packages: a pin, a loaded service, a link in /bin.
struct GarbageRoot {
    Ident ident;               ///< may be partial
    bool newest_only = false;  ///< the newest that satisfies it, or all that do
    std::string reason;        ///< "it is pinned"
};

/// One thing on disk and what becomes of it.
struct GarbageItem {
    GarbageKind kind = GarbageKind::package;
    std::string name;  ///< ident, or file name
    fs::path path;
    bool keep = true;
    std::string reason;       ///< why, as the end of "kept: " or "removed: "
    std::uint64_t bytes = 0;  ///< on disk; of those that are not kept
};

struct GarbageRules {
    /// Packages and artifacts of each origin/name that are kept although nothing needs them.
    unsigned keep_latest = 1;
    /// What is younger is kept: it may be about to be used.
    std::chrono::minutes min_age{0};
    WallTime now;
};

/// A verdict for every installed package, in the order of the graph. Kept are: what roots name,
/// what processes use, the newest of each name, the young, and all that any of these depends on.
/// Reads TDEPS where DEPS lead to a package that is not there. Throws invalid_input if the needs of
/// a package cannot be read: then nothing may be removed.
[[nodiscard]] std::vector<GarbageItem> judge_packages(const InstalledPackages& store,
                                                      const PackageGraph& graph,
                                                      const std::vector<GarbageRoot>& roots,
                                                      const PathUse& use,
                                                      const GarbageRules& rules);

/// What caches are judged by.
struct CacheContext {
    const InstalledPackages& store;
    const std::vector<GarbageItem>& packages;  ///< verdicts
    const std::vector<GarbageRoot>& roots;
    const PathUse& use;
    const GarbageRules& rules;
    bool building = false;  ///< a build is using the source cache
};

/// Artifacts: of kept packages, of what roots ask for, the newest of each name, and what those
/// need.
[[nodiscard]] std::vector<GarbageItem> judge_artifacts(const CacheContext& context);
/// Downloads that a kept package was made from; unpacked sources never.
[[nodiscard]] std::vector<GarbageItem> judge_sources(const CacheContext& context);
/// What builds left, but for builds that run; studios whose source is gone; caches of plugins
/// without those entries that are named after a kept package.
[[nodiscard]] std::vector<GarbageItem> judge_work(const CacheContext& context);
/// The directories that PathUse has to watch for these.
[[nodiscard]] std::vector<fs::path> watched_caches(const Paths& paths);

/// Whether the last change of a file or directory is younger than the rules allow.
[[nodiscard]] bool is_young(const fs::path& path, const GarbageRules& rules);
/// Space that a file or tree takes on disk; what cannot be read counts nothing.
[[nodiscard]] std::uint64_t bytes_on_disk(const fs::path& path);

}  // namespace hab::package
