// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace hab::cli
