// SPDX-License-Identifier: Apache-2.0
#include "ring/node/election_record.hpp"

#include <algorithm>
#include <tuple>

#include "ring/codec/codec.hpp"
#include "ring/node/hash.hpp"

namespace hab::ring {
namespace {

void absorb(std::vector<MemberId>& votes, const std::vector<MemberId>& more) {
    for (const MemberId& vote : more) {
        if (std::find(votes.begin(), votes.end(), vote) == votes.end()) votes.push_back(vote);
    }
}

void canonical(std::vector<MemberId>& votes) {
    std::sort(votes.begin(), votes.end());
    votes.erase(std::unique(votes.begin(), votes.end()), votes.end());
}

/// Whether `heard` replaces `stored` outright under the fenced rules.
bool outranks(const Election& heard, const Election& stored) noexcept {
    if (heard.term != stored.term) return heard.term > stored.term;
    const bool heard_done = heard.status == ElectionStatus::finished;
    const bool stored_done = stored.status == ElectionStatus::finished;
    if (heard_done != stored_done) return heard_done;
    return stronger(heard, stored);
}

/// Of two things that a candidate says of itself at one term.
void absorb_claim(Election& stored, const Election& heard) {
    stored.proofs.insert(heard.proofs.begin(), heard.proofs.end());
    if (stored.claim.empty()) {
        stored.suitability = std::max(stored.suitability, heard.suitability);
        stored.status = std::max(stored.status, heard.status);
        return;
    }
    // Signed together, so they go together.
    if (std::tie(heard.status, heard.suitability) <= std::tie(stored.status, stored.suitability))
        return;
    stored.status = heard.status;
    stored.suitability = heard.suitability;
    stored.claim = heard.claim;
}

}  // namespace

Election owned(const ElectionRumor& rumor) {
    Election election{rumor.candidate, rumor.term,  rumor.suitability,
                      rumor.status,    rumor.votes, std::string(rumor.claim)};
    for (std::size_t i = 0; i < rumor.votes.size() && i < rumor.proofs.size(); ++i)
        election.proofs.emplace(rumor.votes[i], rumor.proofs[i]);
    return election;
}

std::string encoded(const Election& election, RumorKind kind, std::string_view group) {
    ElectionRumor body;
    body.candidate = election.candidate;
    body.group = group;
    body.term = election.term;
    body.suitability = election.suitability;
    body.status = election.status;
    body.claim = election.claim;
    for (const MemberId& vote : election.votes) {
        const auto proof = election.proofs.find(vote);
        // A vote that nobody can prove would make peers refuse the proven ones with it.
        if (proof == election.proofs.end() && !election.claim.empty()) continue;
        body.votes.push_back(vote);
        if (proof != election.proofs.end()) body.proofs.emplace_back(proof->second);
    }
    const std::string from = election.candidate.to_string();
    Rumor rumor;
    rumor.kind = kind;
    rumor.from = from;
    rumor.body = std::move(body);
    return encoded(rumor);
}

std::uint64_t rank_of(const Election& election) noexcept {
    std::uint64_t rank = hash_of(election.candidate, election.suitability);
    rank = mix(rank ^ static_cast<std::uint64_t>(election.status));
    for (const MemberId& vote : election.votes)
        rank = hash_of(vote, rank);
    return rank;
}

bool stronger(const Election& a, const Election& b) noexcept {
    if (a.suitability != b.suitability) return a.suitability > b.suitability;
    return a.candidate > b.candidate;
}

bool merge_as_stock(Election& stored, const Election& heard) {
    if (heard == stored) return false;
    if (heard.term >= stored.term && heard.status == ElectionStatus::finished) {
        stored = heard;
        return true;
    }
    if (heard.term == stored.term && stored.status == ElectionStatus::finished) {
        absorb(stored.votes, heard.votes);
        return true;
    }
    if (stored.term > heard.term) return true;
    // Here upstream looks at the term no more.
    if (stronger(heard, stored)) {
        Election winner = heard;
        absorb(winner.votes, stored.votes);
        stored = std::move(winner);
    } else {
        absorb(stored.votes, heard.votes);
    }
    return true;
}

bool merge_mixed(Election& stored, const Election& heard) {
    const Election before = stored;
    const bool both = stored.status == ElectionStatus::finished &&
                      heard.status == ElectionStatus::finished && stored.term == heard.term;
    if (heard.term > stored.term || (both && stronger(heard, stored))) {
        stored = heard;
    } else if (both && heard.candidate == stored.candidate) {
        absorb(stored.votes, heard.votes);
    } else if (!both && heard.term == stored.term) {
        (void)merge_as_stock(stored, heard);
    }
    canonical(stored.votes);
    return stored != before;
}

bool merge_fenced(Election& stored, const Election& heard) {
    const Election before = stored;
    canonical(stored.votes);
    if (heard.term == stored.term && heard.candidate == stored.candidate) {
        absorb(stored.votes, heard.votes);
        // Running < NoQuorum < Finished: a result stays, and quorum is each node's own judgement.
        absorb_claim(stored, heard);
    } else if (outranks(heard, stored)) {
        stored = heard;
    }
    canonical(stored.votes);
    return stored != before;
}

}  // namespace hab::ring
