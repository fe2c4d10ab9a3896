// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ring/codec/codec.hpp"
#include "ring/node/election_record.hpp"
#include "ring/sim/actor.hpp"

namespace hab::ring::sim {

/// A model of a stock supervisor, from the published rules (docs/formats/ring-protocol.md): one probe
/// at a time, fixed waits, every rumor twice to every member, nothing forgotten. It runs no
/// elections of its own, but keeps and shares those of others.
class StockActor final : public Actor {
public:
    explicit StockActor(NodeConfig config);
    void step(Time now, const Input& input, Outputs& outputs) override;
    [[nodiscard]] Time next_wake() const noexcept override;
    [[nodiscard]] bool believes_alive(const MemberId& id) const override;
    [[nodiscard]] bool has(const RumorKey& key, std::uint64_t version) const override;

private:
    struct Entry {
        Membership record;
        Time since = 0;  // of its health
    };
    /// How often each peer was told a rumor. Once everybody was, only newcomers count.
    struct Heat {
        bool restricted = false;
        std::map<MemberId, unsigned> told;
    };
    struct Text {
        std::uint64_t version = 0;
        std::string bytes;
    };
    enum class Phase { idle, direct, indirect, rest };

    void take(const Datagram& datagram);
    void take_stream(std::string_view bytes);
    void take_election(const RumorKey& key, const ElectionRumor& rumor);
    void take_own_state(const StateRecord& record);
    void heard(const Membership& record);
    void contact(Member from, const Endpoint& source);
    void about_me(const Membership& record);
    void set_health(Entry& entry, Health health);
    void raise(std::uint64_t above);

    void probe();
    void next_target();
    void expire();
    void push();
    void push_to(const Entry& peer);
    void send(SwimKind kind, const Endpoint& to, const MemberId& about,
              const std::optional<Member>& other);
    void heat(const RumorKey& key);
    void heat_for(const MemberId& newcomer);
    [[nodiscard]] bool hot_for(const Heat& heat, const MemberId& peer, unsigned& told) const;
    void count(const RumorKey& key, const MemberId& peer);
    [[nodiscard]] Member self() const;
    [[nodiscard]] bool pingable(const Entry& entry) const noexcept;

    NodeConfig config_;
    Random random_;
    std::uint64_t incarnation_ = 0;
    bool leaving_ = false;
    std::map<MemberId, Entry> members_;
    std::map<RumorKey, Heat> heats_;
    std::map<RumorKey, Text> texts_;
    std::map<RumorKey, Election> elections_;
    std::set<MemberId> departures_;
    std::vector<Endpoint> seeds_;

    std::vector<MemberId> round_;
    std::set<MemberId> doubted_;  // confirmed by others, to be asked directly
    MemberId target_;
    Phase phase_ = Phase::idle;
    bool answered_ = false;
    Time phase_end_ = 0;
    std::vector<MemberId> push_round_;
    Time push_at_ = 0;
    Time expire_at_ = 0;
    Time seeds_at_ = 0;

    Time now_ = 0;
    Outputs* outputs_ = nullptr;
    std::uint64_t next_stream_ = 1;
    Endpoint teller_;  // of the message that is dealt with
    Swim heard_;
};

}  // namespace hab::ring::sim
