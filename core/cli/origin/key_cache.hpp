// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"
#include "crypto/key_cache.hpp"

namespace hab::cli {

/// `--cache-key-path`, the same in every command that uses keys.
inline constexpr OptionSpec cache_key_path_option = {.name = "cache-key-path",
                                                     .kind = OptionKind::value,
                                                     .value_name = "DIR",
                                                     .help = "Directory of the key cache",
                                                     .env = "HAB_CACHE_KEY_PATH",
                                                     .default_value = {}};

/// The cache of `--cache-key-path` (which falls back to HAB_CACHE_KEY_PATH), else the default one.
[[nodiscard]] inline crypto::KeyCache key_cache_of(const Invocation& invocation) {
    if (const auto dir = invocation.args.get("cache-key-path")) return crypto::KeyCache(*dir);
    return crypto::KeyCache::from(invocation.paths);
}

/// The revision of a new key: `now`, or the next second of which the cache has no key of this name
/// and kind. Revisions are seconds, and a script makes two keys within one.
[[nodiscard]] inline WallTime free_revision(const crypto::KeyCache& cache, std::string_view name,
                                            crypto::KeyKind kind, WallTime now) {
    while (fs::exists(cache.path_of({std::string(name), compact_utc(now)}, kind)))
        now += std::chrono::seconds(1);
    return now;
}

}  // namespace hab::cli
