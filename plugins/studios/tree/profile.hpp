// SPDX-License-Identifier: Apache-2.0
// What a login shell in a studio reads.
#pragma once

#include <string>
#include <string_view>

namespace studio_tree {

/// /etc/profile of a studio of that type.
[[nodiscard]] std::string profile(std::string_view type);
/// /etc/profile.enter: read by `enter` only, after the profile.
extern const std::string_view profile_enter;
/// /init.sh of image types: a shell with the profile, or the words given.
extern const std::string_view init_script;

}  // namespace studio_tree
