// SPDX-License-Identifier: Apache-2.0
// JSON of the HTTP gateway, with upstream's field names.
#pragma once

#include "base/value.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::http {

/// One element of /services; without `cfg` if it is to be redacted.
[[nodiscard]] Value service_json(const ServiceSnapshot& service, const SystemState& system,
                                 const SupervisorPaths& paths, bool redacted = false);
/// /services/S/G/health.
[[nodiscard]] Value health_json(const HealthReport& report);

}  // namespace hab::supervisor::http
