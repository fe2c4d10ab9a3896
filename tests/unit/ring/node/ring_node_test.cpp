// SPDX-License-Identifier: Apache-2.0
// One node, driven by hand.
#include "ring/node/ring_node.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "driven_node.hpp"

namespace hab::ring {
namespace {

class ARingNode : public DrivenNode {};

TEST_F(ARingNode, AnswersAPingAndKnowsTheSenderByItsSourceAddress) {
    const Outputs outputs = hear(said(SwimKind::ping, 2), 2);
    const auto answers = swims(outputs);
    ASSERT_FALSE(answers.empty());
    EXPECT_EQ(answers[0].kind, SwimKind::ack);
    EXPECT_EQ(answers[0].from.id, test_id(1));
    EXPECT_TRUE(answers[0].from.address.empty()) << "never its own address";
    EXPECT_EQ(std::get<SendDatagram>(outputs.at(2)).to, test_endpoint(2));
    EXPECT_EQ(node_.members().contact(*node_.members().find(test_id(2))).address,
              test_endpoint(2).ip);
}

TEST_F(ARingNode, IgnoresWhatIsMeantForWhoHadItsAddressBefore) {
    Swim ping = said_by_ours(SwimKind::ping, 2);
    ping.extension->to = test_id(77);
    EXPECT_TRUE(swims(hear(ping, 2)).empty());
    EXPECT_EQ(node_.members().size(), 0u);
}

TEST_F(ARingNode, RefusesGarbageInOneWord) {
    const auto refused =
        events(after(Datagram{test_endpoint(2), "\xff\xff garbage"}), EventKind::refused);
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_FALSE(refused[0].text.empty());
    EXPECT_EQ(events(after(StreamMessage{test_endpoint(2), "nonsense"}), EventKind::refused).size(),
              1u);
}

TEST_F(ARingNode, RefutesADoubtWithAHigherIncarnationThatIsOnDiskFirst) {
    (void)hear(said(SwimKind::ping, 2), 2);
    Swim ping = said(SwimKind::ping, 2);
    ping.membership.push_back({test_member(1, 4), Health::suspect});
    const Outputs outputs = hear(ping, 2);
    EXPECT_EQ(node_.incarnation(), 5u);
    const auto* persist = std::get_if<Persist>(&outputs.at(0));
    ASSERT_NE(persist, nullptr) << "before anything is said";
    EXPECT_TRUE(persist->sync);
    EXPECT_EQ(persist->record, (StateRecord{StateKind::incarnation, 5, {}}));
    EXPECT_EQ(swims(outputs).at(0).from.incarnation, 5u);
}

TEST_F(ARingNode, CannotBeDrivenOverTheLastIncarnation) {
    Swim ping = said(SwimKind::ping, 2);
    ping.membership.push_back({test_member(1, ~std::uint64_t{0}), Health::confirmed});
    (void)hear(ping, 2);
    EXPECT_EQ(node_.incarnation(), 0u);
}

TEST_F(ARingNode, RaisesItsIncarnationForProbePingsOnceASecond) {
    Swim probe = said(SwimKind::probe_ping, 2);
    probe.from.probe_ping = true;
    EXPECT_EQ(swims(hear(probe, 2)).at(0).kind, SwimKind::ack);
    (void)hear(probe, 2);
    EXPECT_EQ(node_.incarnation(), 1u);
    (void)hear(probe, 2, seconds(2));
    EXPECT_EQ(node_.incarnation(), 2u);
}

TEST_F(ARingNode, PassesAnAnswerOnToWhoAskedForIt) {
    (void)hear(said(SwimKind::ping, 2), 2);
    Swim ack = said(SwimKind::ack, 3);
    ack.forward_to = test_member(2);
    const auto passed = swims(hear(ack, 3));
    ASSERT_EQ(passed.size(), 1u);
    EXPECT_EQ(passed[0].from.id, test_id(3));
    EXPECT_EQ(passed[0].from.address, test_endpoint(3).ip);
    ack.forward_to = test_member(55);
    EXPECT_TRUE(swims(hear(ack, 3)).empty()) << "no relay for strangers";
}

TEST_F(ARingNode, PingsForAnother) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)hear(said(SwimKind::ping, 3), 3);
    Swim request = said(SwimKind::ping_req, 2);
    request.target = test_member(3);
    const auto sent = swims(hear(request, 2));
    ASSERT_FALSE(sent.empty());
    EXPECT_EQ(sent[0].kind, SwimKind::ping);
    ASSERT_TRUE(sent[0].forward_to);
    EXPECT_EQ(sent[0].forward_to->address, test_endpoint(2).ip);
}

TEST_F(ARingNode, SuspectsThenConfirmsWhoDoesNotAnswer) {
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    const Time begin = now_;
    while (health_of(2) == Health::alive && now_ < begin + seconds(30))
        (void)after(Wake{}, std::max<Time>(node_.next_wake(), now_ + 1) - now_);
    EXPECT_EQ(health_of(2), Health::suspect);
    EXPECT_LE(now_, begin + seconds(5));
    while (health_of(2) == Health::suspect && now_ < begin + seconds(90))
        (void)after(Wake{}, std::max<Time>(node_.next_wake(), now_ + 1) - now_);
    EXPECT_EQ(health_of(2), Health::confirmed);
}

TEST_F(ARingNode, DoesNotBlameOthersForStandingStillItself) {
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    while (swims(after(Wake{}, node_.next_wake() - now_)).empty()) {
    }
    (void)after(Wake{}, seconds(60));
    EXPECT_EQ(health_of(2), Health::alive);
    EXPECT_GT(node_.local_health(), 0u);
}

TEST_F(ARingNode, TellsStockMembersNothingTheyDieOf) {
    (void)hear(said(SwimKind::ping, 2), 2);
    Swim ping = said_by_ours(SwimKind::ping, 3);
    Member six = test_member(4);
    six.address = *IpAddress::parse("fd00::4");
    ping.membership.push_back({six, Health::alive});
    (void)hear(ping, 3);
    ASSERT_TRUE(node_.members().find(test_id(4)));
    for (const Swim& swim : swims(hear(said(SwimKind::ping, 2), 2)))
        for (const Membership& record : swim.membership)
            EXPECT_TRUE(safe_for_stock(record.member));
    bool told = false;
    for (const Swim& swim : swims(hear(said_by_ours(SwimKind::ping, 3), 3)))
        for (const Membership& record : swim.membership)
            told = told || record.member.id == test_id(4);
    EXPECT_TRUE(told) << "ours may know";
}

TEST_F(ARingNode, KeepsTheLargerOfTwoConfigurationsOfOneVersion) {
    const std::string one = test_config("app.default", 1, "a = 1\n");
    const std::string two = test_config("app.default", 1, "a = 2\n");
    const std::string& larger = hash_of(one) > hash_of(two) ? one : two;
    const std::string& smaller = &larger == &one ? two : one;
    (void)after(Inject{smaller});
    (void)after(Inject{larger});
    (void)after(Inject{smaller});
    const HeldRumor* held = node_.rumors().find({RumorKind::service_config, "app.default", {}, {}});
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(*held->bytes, larger);
}

TEST_F(ARingNode, RefusesToInjectWhatIsNoRumor) {
    try {
        (void)after(Inject{"nonsense"});
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_THAT(error.message(), testing::HasSubstr("could not be given to the ring"));
    }
}

TEST_F(ARingNode, ADepartedMemberStaysDeparted) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)after(Inject{test_departure(2)});
    EXPECT_EQ(health_of(2), Health::departed);
    (void)hear(said(SwimKind::ping, 2, 9), 2);
    EXPECT_EQ(health_of(2), Health::departed);
}

TEST_F(ARingNode, StopsForGoodWhenItIsDeparted) {
    const Outputs outputs = after(Inject{test_departure(1)});
    EXPECT_EQ(events(outputs, EventKind::self_departed).size(), 1u);
    EXPECT_TRUE(swims(hear(said(SwimKind::ping, 2), 2)).empty());
    EXPECT_EQ(node_.next_wake(), never);
}

TEST_F(ARingNode, LeavesWithAWordToItsPeers) {
    (void)hear(said(SwimKind::ping, 2), 2);
    const auto sent = swims(after(Leave{}));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_TRUE(sent[0].from.departed);
    EXPECT_EQ(sent[0].from.incarnation, 1u);
}

TEST_F(ARingNode, ComesBackWithWhatItKnew) {
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    (void)after(Inject{test_service(1, "app.default")});
    (void)after(Inject{test_config("app.default", 3, "a = 1\n")});
    (void)after(Inject{test_departure(9)});
    const auto saved = node_.snapshot();
    RingNode again(config(), book_);
    Outputs outputs;
    again.step(now_, Restore{saved}, outputs);
    EXPECT_EQ(again.state_hash(), node_.state_hash());
    EXPECT_TRUE(events(outputs, EventKind::refused).empty());
}

TEST_F(ARingNode, ALoneNodeSleepsUntilSomebodyComes) {
    (void)after(Inject{test_service(1, "app.default")});
    for (int i = 0; i < 20; ++i)
        (void)after(Wake{}, milliseconds(500));
    EXPECT_EQ(node_.next_wake(), never);
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    EXPECT_LE(node_.next_wake(), now_ + seconds(1));
}

TEST_F(ARingNode, ALoneNodeElectsItselfAndTellsItsTerm) {
    (void)after(Inject{test_service(1, "app.default")});
    (void)after(StartElection{RumorKind::election, "app.default", 0});
    std::vector<Event> leaders;
    for (int i = 0; i < 20 && leaders.empty(); ++i)
        leaders = events(after(Wake{}, milliseconds(200)), EventKind::leader_changed);
    ASSERT_EQ(leaders.size(), 1u);
    EXPECT_EQ(leaders[0].member, test_id(1));
    const auto census = node_.census("app.default");
    ASSERT_NE(census, nullptr);
    EXPECT_EQ(census->leader, test_id(1));
    EXPECT_EQ(census->leader_term, leaders[0].number);
}

TEST_F(ARingNode, AServiceThatIsGoneIsInItsGroupNoMoreUntilItComesBack) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)after(Inject{test_service(1, "app.default")});
    (void)after(Inject{test_service(2, "app.default")});
    ASSERT_EQ(node_.census("app.default")->members.size(), 2u);
    (void)after(Inject{test_service(2, "app.default", 2, true)});
    ASSERT_EQ(node_.census("app.default")->members.size(), 1u);
    EXPECT_EQ(node_.census("app.default")->members[0].id, test_id(1));
    (void)after(Inject{test_service(2, "app.default", 1)});
    EXPECT_EQ(node_.census("app.default")->members.size(), 1u) << "an old copy";
    (void)after(Inject{test_service(2, "app.default", 3)});
    EXPECT_EQ(node_.census("app.default")->members.size(), 2u);
}

TEST_F(ARingNode, OneThatIsGoneCountsInNoElection) {
    (void)hear(said_by_ours(SwimKind::ping, 2), 2);
    (void)after(Inject{test_service(1, "app.default")});
    (void)after(Inject{test_service(2, "app.default", 2, true)});
    Swim knows_the_same = said_by_ours(SwimKind::ping, 2);
    knows_the_same.extension->state = node_.state_hash();
    (void)hear(knows_the_same, 2);
    ASSERT_TRUE(node_.acquainted());
    (void)after(StartElection{RumorKind::election, "app.default", 0});
    for (int i = 0; i < 10; ++i)
        (void)after(Wake{}, milliseconds(100));
    const Election* const election = node_.election(RumorKind::election, "app.default");
    ASSERT_NE(election, nullptr);
    EXPECT_EQ(election->status, ElectionStatus::finished) << "were it there, it would have to vote";
}

TEST_F(ARingNode, TheCensusIsASnapshotThatIsRebuiltOnChange) {
    (void)hear(said(SwimKind::ping, 2), 2);
    (void)after(Inject{test_service(2, "app.default")});
    const auto before = node_.census("app.default");
    EXPECT_EQ(before, node_.census("app.default")) << "unchanged: the same object";
    const auto changed =
        events(after(Inject{test_config("app.default", 1, "a = 1\n")}), EventKind::census_changed);
    EXPECT_EQ(changed.size(), 1u);
    const auto after_change = node_.census("app.default");
    EXPECT_NE(before, after_change);
    EXPECT_EQ(before->config_incarnation, 0u) << "what was read does not change";
    EXPECT_EQ(after_change->config_incarnation, 1u);
    ASSERT_EQ(after_change->members.size(), 1u);
    EXPECT_EQ(after_change->members[0].contact.address, test_endpoint(2).ip);
    EXPECT_EQ(node_.census("other.default"), nullptr);
}

}  // namespace
}  // namespace hab::ring
