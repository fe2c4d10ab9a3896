// SPDX-License-Identifier: Apache-2.0
// User and group ids of a user namespace, written by its parent. Private to sandbox/.
#pragma once

#include <sys/types.h>

#include "sandbox/spec.hpp"

namespace hab::sandbox {

/// Writes the maps of a child that waits for them. Directly when the kernel lets this process do so
/// (root, or only its own id); otherwise through newuidmap and newgidmap. Throws denied /
/// unsupported / io.
void write_id_maps(pid_t child, const Spec& spec);

}  // namespace hab::sandbox
