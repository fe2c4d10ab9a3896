// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "ring/node/composer.hpp"
#include "ring/node/members.hpp"

namespace hab::ring {

/// Finds out who is there: probes, answers, and passes probes on for others.
class Detector {
public:
    Detector(Core& core, Members& members, Composer& composer)
        : core_(core), members_(members), composer_(composer) {}

    void datagram(const Endpoint& source, std::string_view bytes);
    void add_seed(const Endpoint& seed);
    void tick();
    [[nodiscard]] Time next() const noexcept;
    /// This node stood still: probes under way say nothing.
    void stalled();
    void leave();

    /// A small rumor that rode along.
    std::function<void(std::string_view)> on_rumor;
    /// A peer of ours said the hash of what it knows.
    std::function<void(Slot, std::uint64_t)> on_state;

private:
    struct Probe {
        Slot slot = 0;
        MemberId id;
        std::uint64_t sequence = 0;
        Time since = 0;
        Time others_at = 0;  // when others are asked; never: they were
        Time failed_at = 0;
    };
    /// What a strict ring demands of `heard_`, whose bytes these are.
    [[nodiscard]] Refusal admit(std::string_view bytes);
    [[nodiscard]] bool meant_for_me() const;
    /// Whether `heard_` shows that its sender is there now: it answers what we asked, or comes from a
    /// member that does not return sequences.
    [[nodiscard]] bool proven() const;
    /// Asks a member for a proof that it is there, at most once a second.
    void challenge(Slot slot, const Endpoint& at);
    [[nodiscard]] std::uint64_t asked(const MemberId& whom);
    void ping(const Endpoint& source);
    void ack(const Endpoint& source, std::string_view bytes);
    void pass_on(const Endpoint& source, std::string_view bytes);
    void ping_req(const Endpoint& source);
    void probe_ping(const Endpoint& source);
    void take_news();
    std::optional<Slot> take_sender(const Endpoint& source);
    /// Where the sender of `heard_` is reached, that was seen at that address.
    [[nodiscard]] Contact contact_seen_at(const IpAddress& address) const;
    void learn_kind(Slot slot);
    [[nodiscard]] Composer::Reach reach(Slot slot) const;
    void probe_next();
    void probed(const MemberId& id);
    void ask_others(Probe& probe);
    void confirm_contact(Slot slot);
    void reconnect();
    void try_seeds();

    Core& core_;
    Members& members_;
    Composer& composer_;
    Swim heard_;
    bool fresh_ = false;  // `heard_` echoes what we asked
    std::vector<Probe> probes_;
    std::vector<Endpoint> seeds_;
    std::map<MemberId, Time> told_;  // doubted members that were told so, and when
    Time probe_at_ = 0;
    Time reconnect_at_ = 0;
    Time seeds_at_ = 0;
    Time bumped_at_ = 0;
    Time heard_at_ = 0;  // anything that could be read
    Time stock_since_ = 0;
};

}  // namespace hab::ring
