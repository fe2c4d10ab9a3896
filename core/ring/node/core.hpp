// SPDX-License-Identifier: Apache-2.0
// What the parts of a RingNode share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ring/node/challenges.hpp"
#include "ring/node/guard.hpp"
#include "ring/node/hot_queue.hpp"
#include "ring/node/local_health.hpp"
#include "ring/node/member_table.hpp"
#include "ring/node/output.hpp"
#include "ring/node/probe_order.hpp"
#include "ring/node/random.hpp"
#include "ring/node/rumor_store.hpp"
#include "ring/node/state_hash.hpp"
#include "ring/node/suspicion.hpp"
#include "ring/node/tuning.hpp"
#include "ring/swim.hpp"

namespace hab::ring {

/// Who a node is. Fixed for its life.
struct NodeConfig {
    MemberId id;
    std::uint16_t swim_port = 9638;
    std::uint16_t gossip_port = 9638;
    bool persistent = false;
    IpAddress advertised = {};  ///< where peers of ours reach it, if not where datagrams come from
    std::uint64_t seed = 0;     ///< of its randomness
    Tuning tuning = {};
    /// The ring is strict. Then `id` is the identity's, and `advertised` must be usable: it is part
    /// of what the node signs, and nobody believes another address.
    std::shared_ptr<const StrictRing> strict = nullptr;
};

/// State that more than one part needs; the parts' own state is in the parts.
struct Core {
    Core(NodeConfig node_config, MemberBook& book, RumorPool* pool)
        : config(std::move(node_config)),
          random(config.seed),
          table(book),
          rumors(state, pool),
          local_health(config.tuning.most_local_health),
          guard(config.strict) {}

    NodeConfig config;
    Random random;
    StateHash state;
    MemberTable table;
    RumorStore rumors;
    LocalHealth local_health;
    ProbeOrder probe_order;
    Suspicions suspicions;
    Guard guard;
    Challenges challenges;

    HotQueue<Slot> hot_members;
    HotQueue<RumorKey> hot_rumors;
    HotQueue<Accusation> hot_accusations;
    std::map<Accusation, std::string> accusation_proofs;  // of a strict ring's suspects
    unsigned self_news = 0;  // how often our own changed record still goes out

    std::uint64_t incarnation = 0;
    bool leaving = false;   // stopped cleanly: said once, then silent
    bool departed = false;  // told by an operator to go, for good

    bool restoring = false;  // what comes is on disk already, and no news to the ring
    bool quietly = false;    // what comes is known to the ring already: kept, not told on
    bool has_seeds = false;
    bool compared = false;

    Time now = 0;
    Time last_change = 0;  // when `state` last changed
    /// Of a strict ring: who signed the message that is being taken; nobody: not signed as a whole.
    MemberId teller = {};
    Outputs* outputs = nullptr;
    std::uint64_t next_stream = 1;

    [[nodiscard]] const Tuning& tuning() const noexcept { return config.tuning; }
    /// Members that can answer, this node counted.
    [[nodiscard]] std::size_t alive() const noexcept { return table.reachable().size() + 1; }
    [[nodiscard]] unsigned budget() const noexcept { return retransmit_budget(alive()); }
    /// Whether what this node believes of the ring can be relied on: it compared notes with a member
    /// since it started, or it is meant to be alone. Before that it might take itself for all of its
    /// group.
    [[nodiscard]] bool acquainted() const noexcept {
        return compared || (!has_seeds && table.size() == 0);
    }
    [[nodiscard]] bool silent() const noexcept { return leaving || departed; }

    void send(const Endpoint& to, std::string bytes) {
        outputs->push_back(SendDatagram{to, std::move(bytes)});
    }
    void persist(StateRecord record, bool sync = false) {
        if (restoring) return;
        outputs->push_back(Persist{std::move(record), sync});
    }
    void emit(Event event) { outputs->push_back(std::move(event)); }
    void refuse(std::string_view why) {
        Event event;
        event.kind = EventKind::refused;
        event.text = why;
        emit(std::move(event));
    }
};

}  // namespace hab::ring
