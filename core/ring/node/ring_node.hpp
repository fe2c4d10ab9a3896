// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ring/node/anti_entropy.hpp"
#include "ring/node/census.hpp"
#include "ring/node/detector.hpp"
#include "ring/node/election_desk.hpp"
#include "ring/node/gossip.hpp"
#include "ring/node/input.hpp"
#include "ring/node/stock_relay.hpp"

namespace hab::ring {

/// A member of the ring as a state machine: whoever owns it says what happened and when, and does
/// what it wants in answer. It does no I/O, reads no clock, has no threads and no randomness but its
/// seed's, so that the same inputs give the same outputs on every machine. docs/ring/.
class RingNode {
public:
    /// The book and the pool (which may be none) must outlive the node; a supervisor gives it its
    /// own, a simulation one for all.
    RingNode(NodeConfig config, MemberBook& book, RumorPool* pool = nullptr);
    RingNode(const RingNode&) = delete;
    RingNode& operator=(const RingNode&) = delete;

    /// Appends to `outputs` what is to be done, in order. `now` never goes back. Whatever arrives
    /// from the net is dealt with, at worst dropped with Event(refused); a command that makes no
    /// sense (an Inject that is no rumor) throws Error(invalid_input) and changes nothing.
    void step(Time now, const Input& input, Outputs& outputs);
    /// When it wants a Wake; `never` if it does not.
    [[nodiscard]] Time next_wake() const noexcept { return next_wake_; }

    [[nodiscard]] const MemberId& id() const noexcept { return core_.config.id; }
    [[nodiscard]] std::uint64_t incarnation() const noexcept { return core_.incarnation; }
    [[nodiscard]] const MemberTable& members() const noexcept { return core_.table; }
    [[nodiscard]] const RumorStore& rumors() const noexcept { return core_.rumors; }
    /// Equal on two nodes that know the same; never 0.
    [[nodiscard]] std::uint64_t state_hash() const noexcept { return core_.state.all(); }
    [[nodiscard]] unsigned local_health() const noexcept { return core_.local_health.score(); }
    /// Whether it compared notes with a member since it started (or is meant to be alone): before
    /// that it takes part in no election.
    [[nodiscard]] bool acquainted() const noexcept { return core_.acquainted(); }
    /// Nothing is left to tell, nobody is suspected.
    [[nodiscard]] bool quiet() const noexcept;
    [[nodiscard]] const Election* election(RumorKind kind, std::string_view group) const {
        return elections_.find(kind, group);
    }
    [[nodiscard]] std::shared_ptr<const CensusGroup> census(const std::string& group) {
        return census_.group(group);
    }
    [[nodiscard]] std::vector<std::string> census_groups() const { return census_.groups(); }
    /// Everything a Restore needs, to replace the log of Persist outputs.
    [[nodiscard]] std::vector<StateRecord> snapshot() const;

private:
    void dispatch(const Input& input);
    void take(const Wake&) {}
    void take(const Datagram& input);
    void take(const StreamMessage& input);
    void take(const StreamResult& input);
    void take(const Restore& input);
    void take(const AddPeer& input);
    void take(const Inject& input);
    void take(const StartElection& input);
    void take(const StopElection& input);
    void take(const Leave& input);
    void notice_stall();
    void connect_parts();
    [[nodiscard]] Time earliest() const noexcept;

    Core core_;
    Members members_;
    RumorDesk desk_;
    Composer composer_;
    Detector detector_;
    Gossip gossip_;
    AntiEntropy anti_entropy_;
    StockRelay relay_;
    ElectionDesk elections_;
    Census census_;
    Time next_wake_ = 0;
    bool stepped_ = false;
};

}  // namespace hab::ring
