// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "ring/codec/codec.hpp"
#include "ring/node/members.hpp"

namespace hab::ring {

/// The one way in which rumors other than members' come in: what is news is kept, told on,
/// persisted; elections and departures are handed to those who understand them.
class RumorDesk {
public:
    RumorDesk(Core& core, Members& members) : core_(core), members_(members) {}

    /// An encoded Rumor from anywhere. `tell`: others are to hear of it from us.
    void heard(std::string_view bytes, bool tell);
    /// Keeps an election record that is ours or merged by us.
    void put_election(const RumorKey& key, std::uint64_t term, std::uint64_t rank,
                      std::string_view bytes, bool tell);
    /// A member is forgotten, and its services with it.
    void forget(const MemberId& id);

    /// After a rumor that is not an election changed; before one is erased.
    std::function<void(const RumorKey&)> on_change;
    std::function<void(RumorKind, const ElectionRumor&, bool tell)> on_election;

private:
    void heard_member(std::string_view bytes);
    void keep(const RumorKey& key, std::uint64_t version, std::uint64_t rank,
              std::string_view bytes, bool tell, bool gone);

    Core& core_;
    Members& members_;
    Rumor scratch_;
};

/// Which of two texts at one version stays. Upstream keeps whichever came first, and nodes then
/// differ for ever.
[[nodiscard]] std::uint64_t rank_of_text(std::string_view bytes) noexcept;

}  // namespace hab::ring
