// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ring/codec/codec.hpp"
#include "ring/node/rumor_desk.hpp"

namespace hab::ring {

/// Repairs what gossip missed, and brings newcomers up to date. Peers of ours say the hash of all
/// they know in every datagram; where it differs for a while, one asks the other for the hashes of
/// the shards, then versions are compared in those that differ, then the values cross. A peer that
/// knows nothing of a shard gets it whole.
class AntiEntropy {
public:
    AntiEntropy(Core& core, Members& members, RumorDesk& desk)
        : core_(core), members_(members), desk_(desk) {}

    /// A peer of ours said the hash of all it knows.
    void state_said(Slot slot, std::uint64_t hash);
    /// An OwnMessage from the stream.
    void message(std::string_view bytes);

private:
    /// Encoded rumors to be sent.
    struct Values {
        std::vector<std::string> all;
        std::size_t bytes = 0;
        void add(std::string value) {
            bytes += value.size();
            all.push_back(std::move(value));
        }
    };
    void ask(Slot slot);
    void answer_hashes(const OwnMessage& asked, Slot to);
    void answer_versions(const OwnMessage& asked, Slot to);
    void list_shard(std::uint32_t shard, OwnMessage& reply);
    void add_shard(std::uint32_t shard, Values& values);
    void add_member(const MemberId& id, Values& values);
    void compare_shard(std::uint32_t shard, const OwnMessage& asked,
                       std::vector<RumorVersion>& wanted, Values& values);
    void send(Slot to, OwnMessage message, const Values& values);
    /// Encoded, and signed in a strict ring.
    [[nodiscard]] std::string finished(const OwnMessage& message);
    /// Whether no news came for a while.
    [[nodiscard]] bool quiet() const noexcept;

    Core& core_;
    Members& members_;
    RumorDesk& desk_;
    OwnMessage heard_;
    /// Whether a value came in answer to what a newcomer asked of shards that it had nothing of.
    [[nodiscard]] bool known_to_ring(std::uint64_t exchange, std::string_view rumor) const;

    Time next_ = 0;            // no exchange begins before
    Time differs_at_ = never;  // since when a peer differs, for more than news under way
    std::uint64_t exchange_ = 0;
    std::array<bool, shard_count> lacking_{};  // shards that were empty when a newcomer asked
};

}  // namespace hab::ring
