// SPDX-License-Identifier: Apache-2.0
// /census and /butterfly: what the ring knows, in the shapes of upstream.
#pragma once

#include <memory>
#include <vector>

#include "base/value.hpp"
#include "supervisor/ring/ring_group.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {
class RingMembership;
}

namespace hab::supervisor::http {

using ServiceList = std::vector<std::shared_ptr<const ServiceSnapshot>>;

/// Groups and who is in them. Without a ring each service is all of its group.
[[nodiscard]] Value census_json(const ServiceList& services, const SystemState& system,
                                const RingMembership* ring = nullptr);
/// What gossip carries: members and rumors. Bodies of configurations and files are left out: only
/// the services they are for know what in them is secret.
[[nodiscard]] Value butterfly_json(const ServiceList& services, const SystemState& system,
                                   const RingMembership* ring = nullptr);
/// The member object of a service, as templates see it; null while its package cannot be read.
[[nodiscard]] Value member_json(const ServiceSnapshot& service, const SystemState& system,
                                RingGroupPtr group = nullptr);

}  // namespace hab::supervisor::http
