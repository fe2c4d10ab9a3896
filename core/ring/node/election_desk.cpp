// SPDX-License-Identifier: Apache-2.0
#include "ring/node/election_desk.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hab::ring {
namespace {

constexpr std::uint64_t incumbent = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t most_term = std::numeric_limits<std::uint64_t>::max() / 2;

bool contains(const std::vector<MemberId>& sorted, const MemberId& id) {
    return std::binary_search(sorted.begin(), sorted.end(), id);
}

bool finished(const Election& election) noexcept {
    return election.status == ElectionStatus::finished;
}

}  // namespace

void ElectionDesk::start(RumorKind kind, std::string_view group, std::uint64_t suitability) {
    const Key key{kind, std::string(group)};
    Contest& contest = contests_[key];
    const bool fresh = !contest.taking_part;
    contest.taking_part = true;
    contest.suitability = suitability;
    if (!fresh) return;
    // A leader that was restarted must not act on what it remembers: it stands again.
    if (contest.record && finished(*contest.record) && contest.record->candidate == core_.config.id)
        begin(key, contest, contest.record->term + 1, suitability, survey(key.second));
    evaluate(key, contest);
}

void ElectionDesk::stop(RumorKind kind, std::string_view group) {
    const auto found = contests_.find({kind, std::string(group)});
    if (found == contests_.end()) return;
    found->second.taking_part = false;
    found->second.settle_at = found->second.give_up_at = never;
}

ElectionDesk::Survey ElectionDesk::survey(const std::string& group) const {
    Survey view;
    const auto& all = core_.rumors.all();
    for (auto at = all.lower_bound({RumorKind::service, group, {}, {}});
         at != all.end() && at->first.kind == RumorKind::service && at->first.group == group;
         ++at) {
        const MemberId& id = at->first.member;
        if (at->second.gone) continue;
        if (id == core_.config.id) {
            view.me = true;
            view.population.push_back(id);
            view.electorate.push_back(id);
            continue;
        }
        const auto slot = core_.table.find(id);
        if (!slot) continue;
        const MemberEntry& entry = core_.table.at(*slot);
        if (entry.health == Health::departed) continue;
        view.population.push_back(id);
        if (entry.health <= Health::suspect) view.electorate.push_back(id);
        if (entry.kind == PeerKind::stock && !core_.guard.strict()) view.stock = true;
    }
    return view;  // sorted as the store is
}

void ElectionDesk::moved(Contest& contest, const std::optional<Election>& before) {
    const Election& now = *contest.record;
    const bool term = !before || before->term != now.term;
    if (!term && before->candidate == now.candidate) return;
    contest.settle_at = core_.now + core_.tuning().election_settle;
    if (!term) return;
    const Time patience = core_.tuning().election_patience;
    contest.give_up_at = core_.now + patience + core_.random.below(patience);
}

void ElectionDesk::begin(const Key& key, Contest& contest, std::uint64_t term,
                         std::uint64_t suitability, const Survey& view) {
    const std::optional<Election> before = contest.record;
    Election mine;
    mine.candidate = core_.config.id;
    mine.term = contest.voted ? std::max(term, contest.voted_term + 1) : term;
    mine.suitability = suitability;
    mine.status = view.quorum() ? ElectionStatus::running : ElectionStatus::no_quorum;
    if (view.stock) mine.votes.push_back(core_.config.id);
    contest.record = std::move(mine);
    moved(contest, before);
    publish(key, contest, true);
}

void ElectionDesk::heard(RumorKind kind, const ElectionRumor& rumor, bool tell) {
    // Nobody gets there by counting, and who is there cannot count on.
    if (rumor.term > most_term) return;
    if (core_.guard.strict() && !genuine(kind, rumor)) {
        core_.refuse(to_string(Refusal::not_signed));
        return;
    }
    const Key key{kind, std::string(rumor.group)};
    Contest& contest = contests_[key];
    const Election heard = owned(rumor);
    const Survey view = survey(key.second);
    const std::optional<Election> before = contest.record;
    const bool led = before && finished(*before) && before->candidate == core_.config.id;
    if (!contest.record) {
        contest.record = heard;
        auto& votes = contest.record->votes;
        std::sort(votes.begin(), votes.end());
        votes.erase(std::unique(votes.begin(), votes.end()), votes.end());
    } else if (view.stock) {
        (void)merge_mixed(*contest.record, heard);
    } else {
        (void)merge_fenced(*contest.record, heard);
    }
    if (contest.record == before) return;
    moved(contest, before);
    if (contest.taking_part && view.me && !finished(*contest.record)) {
        // An incumbent is asked to stay.
        const bool stays = led && contest.record->term > before->term;
        nominate(contest, stays ? incumbent : contest.suitability, view);
    }
    publish(key, contest, tell);
    recheck_ = true;
}

bool ElectionDesk::genuine(RumorKind kind, const ElectionRumor& rumor) const {
    const Guard::Claim claim{
        kind, rumor.group, rumor.term, rumor.candidate, rumor.suitability, rumor.status};
    const Election* const known = find(kind, rumor.group);
    const bool same =
        known != nullptr && known->term == rumor.term && known->candidate == rumor.candidate;
    const bool same_claim = same && known->claim == rumor.claim &&
                            known->suitability == rumor.suitability &&
                            known->status == rumor.status;
    if (!same_claim && !core_.guard.proves_claim(claim, rumor.claim)) return false;
    if (rumor.votes.size() != rumor.proofs.size()) return false;
    for (std::size_t i = 0; i < rumor.votes.size(); ++i) {
        if (same) {
            const auto held = known->proofs.find(rumor.votes[i]);
            if (held != known->proofs.end() && held->second == rumor.proofs[i]) continue;
        }
        if (!core_.guard.proves_vote(claim, rumor.votes[i], rumor.proofs[i])) return false;
    }
    return true;
}

void ElectionDesk::nominate(Contest& contest, std::uint64_t suitability, const Survey& view) {
    if (!view.stock && contest.voted && contest.voted_term >= contest.record->term) return;
    Election mine;
    mine.candidate = core_.config.id;
    mine.term = contest.record->term;
    mine.suitability = suitability;
    if (view.stock) mine.votes.push_back(core_.config.id);
    const std::optional<Election> before = contest.record;
    if (view.stock) {
        (void)merge_mixed(*contest.record, mine);
    } else if (mine.candidate != before->candidate) {
        (void)merge_fenced(*contest.record, mine);
    }
    moved(contest, before);
}

void ElectionDesk::evaluate(const Key& key, Contest& contest) {
    if (!contest.taking_part || core_.silent() || !core_.acquainted()) return;
    const Survey view = survey(key.second);
    if (!view.me) return;
    if (!contest.record) begin(key, contest, 0, contest.suitability, view);
    if (finished(*contest.record)) {
        watch_leader(key, contest, view);
    } else {
        campaign(key, contest, view);
    }
}

void ElectionDesk::watch_leader(const Key& key, Contest& contest, const Survey& view) {
    const Election& record = *contest.record;
    if (record.candidate == core_.config.id) {
        if (!view.quorum()) begin(key, contest, record.term + 1, incumbent, view);
        return;
    }
    // Confirmed, departed or without a service: it leads nobody.
    if (!contains(view.electorate, record.candidate))
        begin(key, contest, record.term + 1, contest.suitability, view);
}

void ElectionDesk::campaign(const Key& key, Contest& contest, const Survey& view) {
    Election& record = *contest.record;
    const bool mine = record.candidate == core_.config.id;
    if (!view.quorum()) {
        if (mine && record.status == ElectionStatus::running) {
            record.status = ElectionStatus::no_quorum;
            publish(key, contest, true);
        }
        return;
    }
    if (record.status == ElectionStatus::no_quorum) {
        // Quorum is back: a new term, since who was there before may have gone on without us.
        begin(key, contest, record.term + 1, contest.suitability, view);
        return;
    }
    if (view.stock) {
        if (!contains(record.votes, core_.config.id)) {
            nominate(contest, contest.suitability, view);
            publish(key, contest, true);
        }
    } else if (core_.now >= contest.settle_at) {
        vote(key, contest);
    }
    if (contest.record->candidate == core_.config.id && won(contest, view)) {
        contest.record->status = ElectionStatus::finished;
        publish(key, contest, true);
        return;
    }
    if (core_.now >= contest.give_up_at)
        begin(key, contest, contest.record->term + 1, contest.suitability, view);
}

void ElectionDesk::vote(const Key& key, Contest& contest) {
    contest.settle_at = never;
    Election& record = *contest.record;
    if (contest.voted && contest.voted_term >= record.term) return;
    contest.voted = true;
    contest.voted_term = record.term;
    contest.voted_for = record.candidate;
    // On disk before anybody hears of it: a second vote after a crash could make two leaders.
    for (StateRecord& mine : votes()) {
        if (mine.bytes.substr(17) == key.second &&
            static_cast<RumorKind>(mine.bytes[0]) == key.first)
            core_.persist(std::move(mine), true);
    }
    record.votes.insert(std::lower_bound(record.votes.begin(), record.votes.end(), core_.config.id),
                        core_.config.id);
    if (core_.guard.strict())
        record.proofs[core_.config.id] = core_.guard.prove_vote(
            {key.first, key.second, record.term, record.candidate, 0, record.status});
    publish(key, contest, true);
}

bool ElectionDesk::won(const Contest& contest, const Survey& view) const {
    const auto& votes = contest.record->votes;
    if (view.stock) {
        return std::all_of(view.electorate.begin(), view.electorate.end(),
                           [&](const MemberId& id) { return contains(votes, id); });
    }
    const auto counted = std::count_if(votes.begin(), votes.end(), [&](const MemberId& id) {
        return contains(view.population, id);
    });
    return 2 * static_cast<std::size_t>(counted) > view.population.size();
}

void ElectionDesk::publish(const Key& key, Contest& contest, bool tell) {
    Election& record = *contest.record;
    if (core_.guard.strict() && record.candidate == core_.config.id)
        record.claim =
            core_.guard.prove_claim({key.first, key.second, record.term, record.candidate,
                                     record.suitability, record.status});
    desk_.put_election({key.first, key.second, {}, {}}, record.term, rank_of(record),
                       encoded(record, key.first, key.second), tell);
    // What a node remembers of its own lead from before a restart is no lead.
    if (tell || record.candidate != core_.config.id) announce(key, contest);
}

void ElectionDesk::announce(const Key& key, Contest& contest) {
    // The previous leader is kept while a new election runs, as the census does upstream.
    const Election& record = *contest.record;
    if (!finished(record)) return;
    if (record.candidate == contest.leader && record.term == contest.leader_term) return;
    contest.leader = record.candidate;
    contest.leader_term = record.term;
    Event event;
    event.kind = EventKind::leader_changed;
    event.rumor = key.first;
    event.group = key.second;
    event.member = record.candidate;
    event.number = record.term;
    core_.emit(std::move(event));
    if (on_leader) on_leader(key.first, key.second, record.candidate, record.term);
}

std::vector<StateRecord> ElectionDesk::votes() const {
    std::vector<StateRecord> records;
    for (const auto& [key, contest] : contests_) {
        if (!contest.voted) continue;
        StateRecord record{StateKind::vote, contest.voted_term, {}};
        record.bytes.push_back(static_cast<char>(key.first));
        record.bytes.append(reinterpret_cast<const char*>(contest.voted_for.bytes.data()), 16);
        record.bytes.append(key.second);
        records.push_back(std::move(record));
    }
    return records;
}

void ElectionDesk::restore_vote(const StateRecord& record) {
    if (record.bytes.size() < 17) return;
    const auto kind = static_cast<RumorKind>(record.bytes[0]);
    Contest& contest = contests_[{kind, record.bytes.substr(17)}];
    if (contest.voted && contest.voted_term > record.number) return;
    contest.voted = true;
    contest.voted_term = record.number;
    std::copy_n(record.bytes.begin() + 1, 16,
                reinterpret_cast<char*>(contest.voted_for.bytes.data()));
}

const Election* ElectionDesk::find(RumorKind kind, std::string_view group) const {
    const auto found = contests_.find({kind, std::string(group)});
    if (found == contests_.end() || !found->second.record) return nullptr;
    return &*found->second.record;
}

void ElectionDesk::tick() {
    const bool regular = core_.now >= again_at_;
    if (regular) again_at_ = core_.now + seconds(1);
    const bool all = regular || std::exchange(recheck_, false);
    for (auto& [key, contest] : contests_) {
        const bool due = core_.now >= contest.settle_at || core_.now >= contest.give_up_at;
        if (contest.taking_part && (all || due)) evaluate(key, contest);
    }
}

Time ElectionDesk::next() const noexcept {
    if (recheck_) return core_.now;
    Time earliest = never;
    for (const auto& [key, contest] : contests_) {
        if (!contest.taking_part) continue;
        earliest = std::min(earliest, again_at_);
        // What is overdue waits for quorum, which the regular look finds.
        if (contest.settle_at > core_.now) earliest = std::min(earliest, contest.settle_at);
        if (contest.give_up_at > core_.now) earliest = std::min(earliest, contest.give_up_at);
    }
    return earliest;
}

}  // namespace hab::ring
