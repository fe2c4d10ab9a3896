// SPDX-License-Identifier: Apache-2.0
// What a node of a strict ring signs, and what it demands of others. docs/formats/ring-protocol.md,
// "Strict rings".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ring/codec/refusal.hpp"
#include "ring/node/replay_window.hpp"
#include "ring/rumor.hpp"
#include "ring/strict.hpp"
#include "ring/swim.hpp"

namespace hab::ring {

/// Which kind of message a number belongs to: each has its own window, since streams are slower.
enum class Plane : std::uint8_t { datagram, stream };

/// Signs and checks. In a ring that is not strict, strict() is false and nothing else is asked.
/// Cost: a signature is about 25 us, a check about 60 us.
class Guard {
public:
    explicit Guard(std::shared_ptr<const StrictRing> ring);

    [[nodiscard]] bool strict() const noexcept { return ring_ != nullptr; }

    /// The proof that this node says this record of itself.
    [[nodiscard]] std::string prove(const Member& self) const;
    /// Whether the member itself said this record.
    [[nodiscard]] bool proves(const Member& member) const;

    /// Appends the trailer, with the next number.
    void sign_message(Plane plane, std::string& bytes);
    /// Whether the message ends with a trailer of the sender's that was not seen before. `asked`:
    /// it answers what we asked a moment ago, when the sender's highest number was that. Then its
    /// own need not be higher than others; and if it is no higher than that one, the sender counts
    /// from further down than it did, and both planes begin anew.
    [[nodiscard]] Refusal check_message(Plane plane, std::string_view bytes, const MemberId& sender,
                                        std::optional<std::uint64_t> asked);
    /// The highest number that was heard of a member, on either plane; 0 if none was.
    [[nodiscard]] std::uint64_t highest(const MemberId& sender) const;

    /// Appends the signature of whom such a rumor is signed by: this node for its services, an
    /// admin's key for commands. False if this node may not say it.
    [[nodiscard]] bool sign_rumor(const RumorHead& head, std::string& bytes) const;
    /// Whether the rumor is signed by who may say it. Not for members and elections.
    [[nodiscard]] bool admits(const RumorHead& head, std::string_view bytes) const;

    [[nodiscard]] std::string prove(const Accusation& accusation) const;
    [[nodiscard]] bool proves(const Accusation& accusation, std::string_view proof) const;

    /// What a candidate says of itself.
    struct Claim {
        RumorKind kind = RumorKind::election;
        std::string_view group;
        std::uint64_t term = 0;
        MemberId candidate;
        std::uint64_t suitability = 0;
        ElectionStatus status = ElectionStatus::running;
    };
    [[nodiscard]] std::string prove_claim(const Claim& claim) const;
    [[nodiscard]] bool proves_claim(const Claim& claim, std::string_view proof) const;
    /// This node's vote for the candidate in that term.
    [[nodiscard]] std::string prove_vote(const Claim& claim) const;
    [[nodiscard]] bool proves_vote(const Claim& claim, const MemberId& voter,
                                   std::string_view proof) const;

private:
    /// Begins what is signed: what it is, and for which ring.
    [[nodiscard]] std::string about(std::string_view what) const;
    [[nodiscard]] std::string member_text(const Member& member) const;
    [[nodiscard]] std::string accusation_text(const Accusation& accusation) const;
    [[nodiscard]] std::string claim_text(const Claim& claim) const;
    [[nodiscard]] std::string vote_text(const Claim& claim) const;
    /// The sender counts on from there, on both planes.
    void count_anew(const MemberId& sender, std::uint64_t number);
    [[nodiscard]] bool is_admin(std::span<const std::byte, 32> key) const noexcept;

    std::shared_ptr<const StrictRing> ring_;
    std::uint64_t number_ = 0;
    std::map<std::pair<MemberId, Plane>, ReplayWindow> windows_;
};

}  // namespace hab::ring
