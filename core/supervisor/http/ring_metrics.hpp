// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hab::supervisor {
class RingMembership;
}

namespace hab::supervisor::http {

/// The ring's families of /metrics, as Prometheus reads them.
[[nodiscard]] std::string ring_metrics(const RingMembership& ring);

}  // namespace hab::supervisor::http
