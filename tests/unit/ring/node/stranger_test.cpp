// SPDX-License-Identifier: Apache-2.0
// What somebody says that no honest member would.
#include <limits>

#include "driven_node.hpp"

namespace hab::ring {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

class AStranger : public DrivenNode {
protected:
    static std::string election(unsigned candidate, std::uint64_t term, std::size_t votes = 0) {
        const std::string from = test_id(candidate).to_string();
        ElectionRumor body;
        body.candidate = test_id(candidate);
        body.group = "app.default";
        body.term = term;
        body.votes.assign(votes, test_id(candidate));
        Rumor rumor;
        rumor.kind = RumorKind::election;
        rumor.from = from;
        rumor.body = std::move(body);
        return encoded(rumor);
    }
    ElectionRumor held_election() const {
        const HeldRumor* held = node_.rumors().find({RumorKind::election, "app.default", {}, {}});
        if (held == nullptr) return {};
        Rumor rumor;
        EXPECT_EQ(decode_rumor(*held->bytes, rumor), Refusal::none);
        ElectionRumor body = std::get<ElectionRumor>(rumor.body);
        body.group = {};
        return body;
    }
    static std::size_t synced(const Outputs& outputs) {
        std::size_t count = 0;
        for (const Output& output : outputs) {
            const auto* persist = std::get_if<Persist>(&output);
            if (persist != nullptr && persist->sync) ++count;
        }
        return count;
    }
};

TEST_F(AStranger, CannotSetATermThatNobodyCanCountOnFrom) {
    (void)after(Inject{election(2, most)});
    EXPECT_EQ(node_.rumors().find({RumorKind::election, "app.default", {}, {}}), nullptr);
    (void)after(Inject{election(2, 7)});
    EXPECT_EQ(held_election().term, 7u);
}

TEST_F(AStranger, CannotMakeVotesCountTwice) {
    (void)after(Inject{election(2, 1, 3)});
    EXPECT_EQ(node_.election(RumorKind::election, "app.default")->votes.size(), 1u);
}

TEST_F(AStranger, CannotSendVotesWithoutEnd) {
    Rumor rumor;
    EXPECT_EQ(decode_rumor(election(2, 1, 4096), rumor), Refusal::none);
    EXPECT_EQ(decode_rumor(election(2, 1, 4097), rumor), Refusal::too_large);
}

TEST_F(AStranger, CannotMakeALeavingNodeBeginAnew) {
    const std::vector<StateRecord> records{{StateKind::incarnation, most, {}}};
    (void)after(Restore{records});
    (void)hear(said(SwimKind::ping, 2), 2);
    EXPECT_EQ(swims(after(Leave{})).at(0).from.incarnation, most);
}

TEST_F(AStranger, CannotMakeClimbingDoubtsCostASyncEach) {
    (void)hear(said(SwimKind::ping, 2), 2);
    std::size_t syncs = 0;
    for (std::uint64_t doubt = 1; doubt <= 50; ++doubt) {
        Swim ping = said(SwimKind::ping, 2);
        ping.membership.push_back({test_member(1, doubt), Health::suspect});
        syncs += synced(hear(ping, 2));
    }
    EXPECT_LE(syncs, 2u);
    (void)after(Wake{}, milliseconds(200));
    EXPECT_EQ(node_.incarnation(), 51u) << "the highest is refuted";
}

TEST_F(AStranger, GetsEachThingOnceHoweverOftenItAsks) {
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    (void)after(Inject{test_config("app.default", 1, "a = 1\n")});
    OwnMessage question;
    question.from = test_id(2);
    for (std::uint32_t i = 0; i < 10 * shard_count; ++i)
        question.differing.push_back(i % shard_count);
    std::size_t configs = 0;
    const std::string bytes = encoded(question);
    for (const Output& output : after(StreamMessage{test_endpoint(2), bytes})) {
        const auto* stream = std::get_if<SendStream>(&output);
        if (stream == nullptr) continue;
        for (const std::string& message : stream->messages) {
            OwnMessage answer;
            if (!is_own_message(message) || decode_own(message, answer) != Refusal::none) continue;
            for (const std::string_view rumor : answer.rumors)
                if (rumor == test_config("app.default", 1, "a = 1\n")) ++configs;
        }
    }
    EXPECT_EQ(configs, 1u);
}

TEST_F(AStranger, StockAskersGetNothingTheyDieOfByWayOfUs) {
    (void)hear(said(SwimKind::ping, 2), 2);
    Swim ack = said_by_ours(SwimKind::ack, 3);
    ack.forward_to = test_member(2);
    Member six = test_member(4);
    six.address = *IpAddress::parse("fd00::4");
    ack.membership.push_back({six, Health::alive});
    ack.membership.push_back({test_member(5), Health::alive});
    const auto passed = swims(hear(ack, 3));
    ASSERT_EQ(passed.size(), 1u);
    ASSERT_EQ(passed[0].membership.size(), 1u);
    EXPECT_EQ(passed[0].membership[0].member.id, test_id(5));
}

TEST_F(AStranger, AnIncumbentIsNotOneForEver) {
    (void)after(Inject{test_service(1, "app.default")});
    (void)after(StartElection{RumorKind::election, "app.default", 5});
    for (int i = 0; i < 20; ++i)
        (void)after(Wake{}, milliseconds(200));
    const std::uint64_t term = held_election().term;
    (void)after(Inject{election(2, term + 1)});
    EXPECT_EQ(held_election().suitability, most) << "it led: it is asked to stay";
    (void)after(Inject{election(2, term + 3)});
    EXPECT_EQ(held_election().candidate, test_id(1));
    (void)after(Inject{election(2, term + 9)});
    EXPECT_EQ(held_election().suitability, 5u);
}

}  // namespace
}  // namespace hab::ring
