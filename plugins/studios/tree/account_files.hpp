// SPDX-License-Identifier: Apache-2.0
// The account files that every studio starts with.
#pragma once

#include <string_view>

namespace studio_tree {

/// passwd with root's shell at /bin/sh and the service user hab (42:42).
extern const std::string_view passwd;
extern const std::string_view group;
extern const std::string_view nsswitch;
extern const std::string_view inputrc;

}  // namespace studio_tree
