// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/value.hpp"
#include "supervisor/ring/ring_group.hpp"

namespace hab::supervisor {

/// The member object of another supervisor's service, as binds show it to templates.
[[nodiscard]] Value other_member_value(const RingMember& member, const RingGroup& group);

}  // namespace hab::supervisor
