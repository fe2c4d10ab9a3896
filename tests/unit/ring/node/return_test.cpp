// SPDX-License-Identifier: Apache-2.0
// Members that were away for so long that they were forgotten, and members that move.
#include "driven_node.hpp"

namespace hab::ring {
namespace {

class AReturn : public DrivenNode {
protected:
    static StateRecord tombstone(unsigned member, std::uint64_t incarnation) {
        const MemberId id = test_id(member);
        StateRecord record{StateKind::tombstone, incarnation, {}};
        record.bytes.assign(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
        return record;
    }
    static StateRecord membership(unsigned member, std::uint64_t incarnation) {
        return {StateKind::membership, 0,
                encoded(Membership{test_member(member, incarnation), Health::alive})};
    }
    static StateRecord service(unsigned member) {
        return {StateKind::rumor, 0, test_service(member, "app.default")};
    }
    void restore(const std::vector<StateRecord>& records) { (void)after(Restore{records}); }
    bool has_service() const {
        for (const auto& [key, held] : node_.rumors().all())
            if (key.kind == RumorKind::service) return true;
        return false;
    }
};

TEST_F(AReturn, WhoIsOlderThanItsGraveIsToldSoAndMayRefuteIt) {
    restore({tombstone(2, 5)});
    Swim ping = said_by_ours(SwimKind::ping, 2);
    ping.from.incarnation = 5;
    const auto answers = swims(hear(ping, 2));
    ASSERT_FALSE(answers.empty());
    ASSERT_FALSE(answers[0].membership.empty());
    EXPECT_EQ(answers[0].membership[0].member.id, test_id(2));
    EXPECT_EQ(answers[0].membership[0].member.incarnation, 5u);
    EXPECT_EQ(answers[0].membership[0].health, Health::departed);
    ping.from.incarnation = 6;
    (void)hear(ping, 2);
    EXPECT_EQ(health_of(2), Health::alive);
}

TEST_F(AReturn, ServicesOfTheForgottenStayForgotten) {
    restore({tombstone(2, 5)});
    (void)after(Inject{test_service(2, "app.default")});
    EXPECT_FALSE(has_service());
}

TEST_F(AReturn, ATombstoneEndsWhatTheLogSaidBefore) {
    const std::uint64_t nothing = node_.state_hash();
    restore({membership(2, 5), service(2), tombstone(2, 5)});
    EXPECT_EQ(node_.members().size(), 0u);
    EXPECT_FALSE(has_service());
    EXPECT_EQ(node_.state_hash(), nothing);
}

TEST_F(AReturn, ATombstoneOfWhoCameBackIsEmpty) {
    restore({membership(2, 6), service(2), tombstone(2, 5)});
    EXPECT_EQ(health_of(2), Health::alive);
    EXPECT_TRUE(has_service());
    for (const StateRecord& record : node_.snapshot())
        EXPECT_NE(record.kind, StateKind::tombstone);
}

TEST_F(AReturn, TheCensusHearsOfAMove) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)after(Inject{test_service(2, "app.default")});
    (void)node_.census("app.default");
    EXPECT_EQ(events(hear(said(SwimKind::ping, 2), 3), EventKind::census_changed).size(), 1u);
    EXPECT_EQ(node_.census("app.default")->members.at(0).contact.address, test_endpoint(3).ip);
}

TEST_F(AReturn, AnAnswerByWayOfAnotherKeepsTheAdvertisedAddress) {
    Swim ack = said_by_ours(SwimKind::ack, 3);
    ack.forward_to = test_member(1);
    ack.from.address = test_endpoint(300).ip;
    ack.extension->advertised = test_endpoint(3).ip;
    (void)hear(ack, 2);
    EXPECT_EQ(node_.members().contact(node_.members().find(test_id(3)).value()).address,
              test_endpoint(3).ip);
}

TEST_F(AReturn, NewsThatNobodyCanTakeKeepsNobodyAwake) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)after(Inject{test_config("app.default", 1, "a = 1\n")});
    for (int i = 0; i < 30; ++i)
        (void)hear(said(SwimKind::ack, 2), 2, milliseconds(200));
    EXPECT_TRUE(node_.quiet()) << "the stock member is served by the relay";
}

TEST_F(AReturn, PeersOfUnknownKindAreNotFloodedWithPings) {
    restore({membership(2, 1), membership(3, 1)});
    (void)after(Inject{test_config("app.default", 1, "a = 1\n")});
    std::size_t sent = 0;
    const Time end = now_ + milliseconds(900);
    while (now_ < end)
        sent += swims(after(Wake{}, std::max<Time>(node_.next_wake(), now_ + 1) - now_)).size();
    EXPECT_LE(sent, 25u);
}

}  // namespace
}  // namespace hab::ring
