// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ring/node/election_record.hpp"
#include "ring/node/members.hpp"
#include "ring/node/rumor_desk.hpp"

namespace hab::ring {

/// Elections of all groups: keeps what the ring says of each, and takes part where it was told to.
///
/// Among nodes of ours a term has one result at most while the group's population stays the same:
/// each member votes once a term and remembers it on disk before it says so, and a result takes the
/// votes of more than half of the population. With members of stock behaviour in the group, their
/// rules are followed and their flaws shared. docs/ring/state-machine.md.
class ElectionDesk {
public:
    ElectionDesk(Core& core, RumorDesk& desk) : core_(core), desk_(desk) {}

    void start(RumorKind kind, std::string_view group, std::uint64_t suitability);
    void stop(RumorKind kind, std::string_view group);
    void heard(RumorKind kind, const ElectionRumor& rumor, bool tell);
    void restore_vote(const StateRecord& record);
    /// Somebody's health or services changed.
    void recheck() noexcept { recheck_ = true; }
    void tick();
    [[nodiscard]] Time next() const noexcept;

    /// A result that is new here.
    std::function<void(RumorKind, const std::string& group, const MemberId& leader,
                       std::uint64_t term)>
        on_leader;

    /// The ring's view of an election; nothing before one was heard of.
    [[nodiscard]] const Election* find(RumorKind kind, std::string_view group) const;
    /// Every vote that this node must not forget.
    [[nodiscard]] std::vector<StateRecord> votes() const;

private:
    using Key = std::pair<RumorKind, std::string>;
    struct Contest {
        std::optional<Election> record;
        bool taking_part = false;
        std::uint64_t suitability = 0;
        bool voted = false;
        std::uint64_t voted_term = 0;
        MemberId voted_for;
        Time settle_at = never;   // no better candidate until then: vote
        Time give_up_at = never;  // no result until then: next term
        MemberId leader;          // as it was announced
        std::uint64_t leader_term = 0;
    };
    /// The group as this node sees it.
    struct Survey {
        std::vector<MemberId> population;  // sorted
        std::vector<MemberId> electorate;  // sorted
        bool me = false;
        bool stock = false;
        [[nodiscard]] bool quorum() const noexcept {
            return 2 * electorate.size() > population.size();
        }
    };
    [[nodiscard]] Survey survey(const std::string& group) const;
    /// In a strict ring: whether candidate and voters signed what the rumor says of them.
    [[nodiscard]] bool genuine(RumorKind kind, const ElectionRumor& rumor) const;
    void begin(const Key& key, Contest& contest, std::uint64_t term, std::uint64_t suitability,
               const Survey& view);
    void nominate(Contest& contest, std::uint64_t suitability, const Survey& view);
    void evaluate(const Key& key, Contest& contest);
    void watch_leader(const Key& key, Contest& contest, const Survey& view);
    void campaign(const Key& key, Contest& contest, const Survey& view);
    void vote(const Key& key, Contest& contest);
    [[nodiscard]] bool won(const Contest& contest, const Survey& view) const;
    void publish(const Key& key, Contest& contest, bool tell);
    void moved(Contest& contest, const std::optional<Election>& before);
    void announce(const Key& key, Contest& contest);

    Core& core_;
    RumorDesk& desk_;
    std::map<Key, Contest> contests_;
    bool recheck_ = false;
    Time again_at_ = 0;  // the regular look at all contests
};

}  // namespace hab::ring
