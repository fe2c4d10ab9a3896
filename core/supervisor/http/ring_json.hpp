// SPDX-License-Identifier: Apache-2.0
// /census and /butterfly of a supervisor that is alone: the shapes of upstream, with one member.
#pragma once

#include <memory>
#include <vector>

#include "base/value.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::http {

using ServiceList = std::vector<std::shared_ptr<const ServiceSnapshot>>;

/// What the ring knows about the services: their groups and who is in them.
[[nodiscard]] Value census_json(const ServiceList& services, const SystemState& system);
/// What gossip carries: members and rumors.
[[nodiscard]] Value butterfly_json(const ServiceList& services, const SystemState& system);
/// The member object of a service, as templates see it; null while its package cannot be read.
[[nodiscard]] Value member_json(const ServiceSnapshot& service, const SystemState& system);

}  // namespace hab::supervisor::http
