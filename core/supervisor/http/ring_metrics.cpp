// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/ring_metrics.hpp"

#include <array>
#include <map>

#include "supervisor/http/prometheus_text.hpp"
#include "supervisor/ring/ring_membership.hpp"

namespace hab::supervisor::http {
namespace {

using Type = PrometheusText::Type;

double number(std::uint64_t value) {
    return static_cast<double>(value);
}

}  // namespace

std::string ring_metrics(const RingMembership& ring) {
    PrometheusText out;
    std::map<ring::Health, std::uint64_t> by_health{{ring::Health::alive, 1}};  // this one
    for (const RingPeer& peer : ring.peers())
        ++by_health[peer.health];
    out.family("hab_ring_members", Type::gauge,
               "Members of the ring by health, this one included.");
    for (const ring::Health health : {ring::Health::alive, ring::Health::suspect,
                                      ring::Health::confirmed, ring::Health::departed}) {
        out.sample({{"health", std::string(ring::to_string(health))}}, number(by_health[health]));
    }
    out.family("hab_ring_rumors", Type::gauge,
               "Services, configurations, files, elections and departures that it knows of.");
    out.sample({}, number(ring.node().rumors().all().size()));
    out.family("hab_ring_incarnation", Type::gauge, "This member's incarnation.");
    out.sample({}, number(ring.node().incarnation()));
    out.family("hab_ring_local_health", Type::gauge,
               "0: nothing is wrong with this member; larger: it suspects itself to be slow.");
    out.sample({}, number(ring.node().local_health()));
    out.family("hab_ring_dropped_messages_total", Type::counter,
               "Datagrams and messages that were dropped, by reason.");
    const auto& counts = ring.driver().counts();
    out.sample({{"reason", "not_authentic"}}, number(counts.not_authentic));
    out.sample({{"reason", "malformed"}}, number(counts.malformed));
    out.sample({{"reason", "refused"}}, number(ring.refused()));
    return out.take();
}

}  // namespace hab::supervisor::http
