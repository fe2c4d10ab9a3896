// SPDX-License-Identifier: Apache-2.0
// The merge of groups of our own nodes: what the fixes of upstream's flaws promise.
#include "ring/node/election_record.hpp"

#include <gmock/gmock.h>

#include "ids.hpp"
#include "ring/node/hash.hpp"
#include "ring/node/random.hpp"

namespace hab::ring {
namespace {

Election any_election(Random& random) {
    Election election;
    election.candidate = test_id(static_cast<unsigned>(random.below(3)));
    election.term = random.below(3);
    // Of one candidate in one term there is one suitability.
    election.suitability = mix(hash_of(election.candidate, election.term)) % 2;
    election.status = static_cast<ElectionStatus>(1 + random.below(3));
    for (unsigned voter = 0; voter < 4; ++voter)
        if (random.chance(0.5)) election.votes.push_back(test_id(voter));
    return election;
}

TEST(FencedMerge, NodesThatHeardTheSameInAnyOrderAgree) {
    Random random(11);
    for (int round = 0; round < 3000; ++round) {
        const Election a = any_election(random);
        const Election b = any_election(random);
        const Election c = any_election(random);
        Election left = a;
        merge_fenced(left, b);
        merge_fenced(left, c);
        Election right = c;
        merge_fenced(right, b);
        merge_fenced(right, a);
        EXPECT_EQ(left.candidate, right.candidate);
        EXPECT_EQ(left.term, right.term);
        EXPECT_EQ(left.status, right.status);
        // Votes of a candidate that was beaten in between may be known to one alone, until they meet.
        const Election met = left;
        merge_fenced(left, right);
        merge_fenced(right, met);
        EXPECT_EQ(left, right);
        EXPECT_FALSE(merge_fenced(left, right)) << "known already: no news";
    }
}

TEST(FencedMerge, TermsNeverGoBack) {
    Election stored{test_id(1), 5, 0, ElectionStatus::running, {}};
    const Election done{test_id(9), 4, 99, ElectionStatus::finished, {test_id(9)}};
    EXPECT_FALSE(merge_fenced(stored, done));
    EXPECT_EQ(stored.term, 5u);
}

TEST(FencedMerge, AVoteStaysWithItsCandidate) {
    Election stored{test_id(1), 1, 0, ElectionStatus::running, {test_id(1), test_id(3)}};
    const Election stronger_one{test_id(2), 1, 5, ElectionStatus::running, {test_id(2)}};
    EXPECT_TRUE(merge_fenced(stored, stronger_one));
    EXPECT_THAT(stored.votes, testing::ElementsAre(test_id(2)));
}

TEST(AnElection, OfAStrictRingTellsOnlyTheVotesThatItCanProve) {
    Election election{test_id(1), 1, 0, ElectionStatus::running, {test_id(1), test_id(2)}};
    election.claim = "the candidate's";
    election.proofs[test_id(2)] = "the voter's";
    const std::string bytes = encoded(election, RumorKind::election, "app.default");
    Rumor rumor;
    ASSERT_EQ(decode_rumor(bytes, rumor), Refusal::none);
    const auto& told = std::get<ElectionRumor>(rumor.body);
    EXPECT_THAT(told.votes, testing::ElementsAre(test_id(2)));
    EXPECT_THAT(told.proofs, testing::ElementsAre("the voter's"));
}

TEST(AnElection, WithAProofOfOneVoteOnlyIsToldAllTheSame) {
    // Of a ring that is not strict somebody may say anything.
    Election election{test_id(1), 1, 0, ElectionStatus::running, {test_id(1), test_id(2)}};
    election.proofs[test_id(2)] = "of what";
    const std::string bytes = encoded(election, RumorKind::election, "app.default");
    Rumor rumor;
    ASSERT_EQ(decode_rumor(bytes, rumor), Refusal::none);
    EXPECT_EQ(std::get<ElectionRumor>(rumor.body).votes.size(), 2u);
}

TEST(MixedMerge, TwoResultsOfOneTermDoNotFlap) {
    const Election one{test_id(1), 1, 0, ElectionStatus::finished, {test_id(1)}};
    const Election two{test_id(2), 1, 0, ElectionStatus::finished, {test_id(2)}};
    Election here = one;
    Election there = two;
    EXPECT_TRUE(merge_mixed(here, two));
    EXPECT_FALSE(merge_mixed(there, one));
    EXPECT_EQ(here, there);
}

TEST(MixedMerge, TheOrderOfVotesIsNoNews) {
    Election stored{test_id(1), 0, 0, ElectionStatus::running, {test_id(1), test_id(2)}};
    const Election same{test_id(1), 0, 0, ElectionStatus::running, {test_id(2), test_id(1)}};
    EXPECT_FALSE(merge_mixed(stored, same));
}

}  // namespace
}  // namespace hab::ring
