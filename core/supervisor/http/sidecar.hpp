// SPDX-License-Identifier: Apache-2.0
// The routes of 2016, when every supervisor ran one service: /config, /status, /health, /gossip,
// /census, /election.
#pragma once

#include "base/clock.hpp"
#include "supervisor/http/route_table.hpp"
#include "supervisor/http/snapshot_cache.hpp"

namespace hab::supervisor::http {

/// With more than one service loaded, `?service=NAME` says which one is meant. Both must outlive the
/// table.
void add_sidecar_routes(RouteTable& routes, SnapshotCache& cache, const Clock& clock);

}  // namespace hab::supervisor::http
