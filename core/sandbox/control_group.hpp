// SPDX-License-Identifier: Apache-2.0
// The kernel's control group files, version 1 and 2.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace hab::sandbox {

/// Directory of this process's group for a controller, from the text of /proc/self/cgroup; empty if
/// the controller is not in the text. `is_v2` tells which kind it is.
[[nodiscard]] std::filesystem::path own_group(std::string_view proc_self_cgroup,
                                              std::string_view controller,
                                              const std::filesystem::path& mount, bool& is_v2);

/// Writes a file of a group in place, in one call. Throws what opening and writing say.
void write_setting(const std::filesystem::path& file, std::string_view value);

/// The number after a word that starts a line: "oom_kill 3". 0 if there is none.
[[nodiscard]] std::uint64_t counter(const std::filesystem::path& file, std::string_view word);

}  // namespace hab::sandbox
