// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "ring/node/time.hpp"

namespace hab::ring {

/// Every constant of the state machine's behaviour. The defaults are what docs/performance/ring.md
/// was measured with; a node of a ring may differ from its peers without harm.
struct Tuning {
    // Probing: one member per period, directly, then through others.
    Time probe_period = seconds(1);
    Time direct_wait = milliseconds(500);  ///< for the ACK of a PING, before others are asked
    unsigned proxies = 5;                  ///< members asked to ping for us
    unsigned most_local_health = 8;        ///< upper end of the local health score

    // Suspicion: from `suspicion_least` * log10(N) when enough others agree to `suspicion_spread`
    // times that when nobody does.
    Time suspicion_least = seconds(3);
    unsigned suspicion_spread = 6;
    unsigned suspicion_voices = 3;
    /// While members with stock behaviour are alive, nobody is confirmed faster than they do it.
    Time stock_suspicion = milliseconds(9300);

    // Dissemination.
    Time gossip_period = milliseconds(200);
    Time gossip_batch = milliseconds(10);  ///< how long fresh news waits for company
    unsigned gossip_fanout = 3;
    std::size_t piggyback = 10;         ///< member records in one datagram
    std::size_t datagram_room = 960;    ///< an encoded Swim; the wrapper and its seal come on top
    std::size_t ride_along_most = 512;  ///< a larger rumor takes the stream

    // Repair.
    Time sync_period = seconds(10);       ///< at most one exchange this often
    Time sync_quiet = seconds(2);         ///< differing hashes only count when nothing moved lately
    Time reconnect_period = seconds(10);  ///< one lost member is tried again this often
    Time seed_period = seconds(30);       ///< configured peers that are not members are tried again
    std::size_t stream_batch = 256;       ///< rumors in one message to a peer

    // Members with stock behaviour: how many of us deliver to each.
    unsigned stock_relays = 3;

    // Elections.
    Time election_settle = milliseconds(700);  ///< no better candidate for so long: vote
    Time election_patience = seconds(5);       ///< a term without a result for so long: next term

    // Garbage.
    Time confirmed_to_departed = seconds(259'200);
    Time departed_to_tombstone = seconds(86'400);

    /// A step that comes so much later than it was asked for means that this process stood still.
    Time stall = milliseconds(750);
};

}  // namespace hab::ring
