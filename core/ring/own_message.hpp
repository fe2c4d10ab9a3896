// SPDX-License-Identifier: Apache-2.0
// What nodes of ours say to each other alone, on the stream, to peers that announced
// ability::own_messages: batches and anti-entropy. Fields from 100 on, so that none can be taken
// for a stock message. Views as in rumor.hpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ring/rumor.hpp"

namespace hab::ring {

/// Hash over the versions of one shard of a node's store.
struct ShardHash {
    std::uint32_t shard = 0;
    std::uint64_t hash = 0;
    bool operator==(const ShardHash&) const = default;
};

/// Which version of something a node has. For members `version` is the incarnation and `rank` the
/// health; for elections the term and a number that its owner makes of the rest. A node that wants
/// the value says so with `wanted`.
struct RumorVersion {
    RumorHead head;
    std::uint64_t rank = 0;
    bool wanted = false;
    bool operator==(const RumorVersion&) const = default;
};

/// Any of the parts may be empty; a receiver handles them in this order.
struct OwnMessage {
    MemberId from;                         ///< mandatory
    std::uint64_t exchange = 0;            ///< number of the exchange this belongs to; 0: none
    std::uint32_t shards = 0;              ///< how many shards the sender divides its store into
    std::vector<ShardHash> hashes;         ///< ask: which of these differ with you?
    std::vector<std::uint32_t> differing;  ///< shards that the `versions` are complete for
    std::vector<RumorVersion> versions;
    std::vector<std::string_view> rumors;  ///< encoded Rumor messages
    bool operator==(const OwnMessage&) const = default;
};

}  // namespace hab::ring
