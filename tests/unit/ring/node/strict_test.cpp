// SPDX-License-Identifier: Apache-2.0
// What a strict ring takes, and what it refuses. Whole rings with a forger: sim/strict_test.cpp.
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "ring/codec/trailer.hpp"
#include "strict_world.hpp"

namespace hab::ring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view unsigned_text = "it is not signed by who may say it";
constexpr std::string_view replayed_text = "it was said before";

class AStrictRing : public testing::Test {
protected:
    void SetUp() override {
        world_.add(1, true);
        world_.add(2);
        world_.add(3);
        world_.run(seconds(15));
        ASSERT_TRUE(world_.alive(1, 2) && world_.alive(2, 1) && world_.alive(3, 2));
        ASSERT_THAT(world_.refused, IsEmpty());
    }
    /// The last datagram of that kind between two nodes.
    World::Said last(unsigned from, unsigned to, SwimKind kind) {
        for (auto at = world_.said.rbegin(); at != world_.said.rend(); ++at) {
            Swim swim;
            if (at->stream || at->from != from || at->to != test_endpoint(to)) continue;
            if (decode_swim(at->bytes, swim) == Refusal::none && swim.kind == kind) return *at;
        }
        ADD_FAILURE() << "nothing was said";
        return {};
    }
    /// A ping to node 1 of a member that signs as it should, under a number that nobody heard yet.
    std::string signed_ping(unsigned number, std::uint64_t abilities) {
        const MemberTable& members = world_.node(1).members();
        Swim swim;
        swim.kind = SwimKind::ping;
        swim.from = members.record(members.find(world_.node(number).id()).value()).member;
        swim.extension.emplace();
        swim.extension->to = world_.node(1).id();
        swim.extension->abilities = abilities;
        std::string bytes = encoded(swim);
        // Whichever bit of the number is set in addition, it only becomes higher.
        Guard(test_ring(number, false, 0x0101010101010101)).sign_message(Plane::datagram, bytes);
        return bytes;
    }
    /// A rumor that somebody signed.
    static std::string signed_by(unsigned number, std::string rumor) {
        const crypto::Identity identity = test_identity(number);
        std::string text = "hab ring rumor";
        text.push_back('\0');
        text.append("ring").push_back('\0');
        text += rumor;
        std::string proof(reinterpret_cast<const char*>(identity.public_key().data()), 32);
        const auto signature = identity.sign(text);
        proof.append(reinterpret_cast<const char*>(signature.data()), 64);
        codec::append_rumor_proof(rumor, proof);
        return rumor;
    }
    /// What was said up to now, with nothing left to say but answers.
    std::size_t said_so_far() {
        world_.take(1, Wake{});
        return world_.said.size();
    }
    World world_{true};
};

TEST_F(AStrictRing, TakesCommandsOfAnAdminAndServicesOfTheirOwners) {
    world_.take(1, Inject{test_config("app.default", 1, "from = \"an admin\"")});
    ServiceRumor body;
    body.member = world_.node(2).id();
    body.group = "app.default";
    body.incarnation = 1;
    body.ident = "core/app/1.0.0/20240101000000";
    body.system.ip = "10.0.0.2";
    body.system.hostname = "of-two";
    const std::string from = body.member.to_string();
    const std::string service = encoded(Rumor{RumorKind::service, from, body});
    world_.take(2, Inject{service});
    world_.run(seconds(2));
    for (const unsigned node : {1u, 2u, 3u}) {
        EXPECT_TRUE(world_.has(node, "an admin")) << node;
        EXPECT_TRUE(world_.has(node, "of-two")) << node;
    }
    EXPECT_THAT(world_.refused, IsEmpty());
}

TEST_F(AStrictRing, TellsWhoHasNoKeyForACommand) {
    const auto error = [&](const std::string& rumor) {
        try {
            world_.take(2, Inject{rumor});
        } catch (const Error& thrown) {
            return thrown;
        }
        return Error(ErrorCode::bug, "nothing was thrown");
    };
    const Error denied = error(test_config("app.default", 1, "x = 1"));
    EXPECT_EQ(denied.code(), ErrorCode::denied);
    EXPECT_THAT(denied.message(), HasSubstr("the ring is strict"));
    EXPECT_THAT(denied.hint(), HasSubstr("admin"));
    EXPECT_EQ(error(test_departure(3)).code(), ErrorCode::denied);
    EXPECT_EQ(error(test_service(3, "app.default")).code(), ErrorCode::denied)
        << "another's service";
    EXPECT_TRUE(world_.node(2).rumors().all().empty());
}

TEST_F(AStrictRing, TakesACommandThatAnAdminSignedElsewhere) {
    const std::string rumor =
        signed_by(test_admin, test_config("app.default", 1, "x = \"signed\""));
    world_.take(3, Inject{rumor});
    EXPECT_TRUE(world_.has(3, "signed"));
}

TEST_F(AStrictRing, RefusesCommandsOfMembersAndOfNobody) {
    const std::string config = test_config("app.default", 1, "x = \"forged\"");
    for (const std::string& rumor :
         {config, signed_by(3, config), signed_by(7, config), signed_by(3, test_departure(2)),
          signed_by(3, test_service(2, "app.default"))}) {
        world_.refused.clear();
        world_.take(1, StreamMessage{test_endpoint(3), rumor});
        EXPECT_THAT(world_.refused, ::testing::ElementsAre(unsigned_text));
    }
    EXPECT_TRUE(world_.node(1).rumors().all().empty());
}

TEST_F(AStrictRing, RefusesElectionsThatTheirPeopleDidNotSign) {
    const std::string from = world_.node(3).id().to_string();
    const ElectionRumor election{world_.node(3).id(),      "app.default",        5, 0,
                                 ElectionStatus::finished, {world_.node(3).id()}};
    const std::string rumor = encoded(Rumor{RumorKind::election, from, election});
    world_.take(1, StreamMessage{test_endpoint(3), rumor});
    EXPECT_THAT(world_.refused, ::testing::ElementsAre(unsigned_text));
    EXPECT_EQ(world_.node(1).election(RumorKind::election, "app.default"), nullptr);
}

TEST_F(AStrictRing, RefusesWhatLostItsSignature) {
    for (const std::size_t cut : {codec::trailer_size, std::size_t{1}}) {
        World::Said said = last(2, 1, SwimKind::ping);
        said.bytes.resize(said.bytes.size() - cut);
        const std::size_t before = said_so_far();
        world_.refused.clear();
        world_.hand_over(said, test_endpoint(2));
        EXPECT_EQ(world_.refused.size(), 1u);
        EXPECT_EQ(world_.said.size(), before) << "answered";
    }
}

TEST_F(AStrictRing, RefusesASignedDatagramThatWasChanged) {
    // Its number is new: nothing but the signature keeps the copies out.
    const std::string said = signed_ping(2, ability::own_messages);
    std::size_t readable = 0;
    for (std::size_t at = 0; at < said.size(); ++at) {
        std::string changed = said;
        changed[at] = static_cast<char>(changed[at] ^ 0x20);
        const std::uint64_t hash = world_.node(1).state_hash();
        const std::size_t before = said_so_far();
        world_.refused.clear();
        world_.take(1, Datagram{test_endpoint(2), changed});
        EXPECT_EQ(world_.node(1).state_hash(), hash) << "byte " << at;
        EXPECT_EQ(world_.said.size(), before) << "byte " << at << " is answered";
        Swim swim;
        const bool read = decode_swim(changed, swim) == Refusal::none && swim.extension &&
                          swim.extension->to == world_.node(1).id() && swim.from.swim_port != 0;
        if (!read) continue;
        ++readable;
        EXPECT_THAT(world_.refused, ElementsAre(unsigned_text)) << "byte " << at;
    }
    EXPECT_GT(readable, 200u) << "keys, signatures, addresses and numbers can be read all the same";
    world_.refused.clear();
    const std::size_t before = said_so_far();
    world_.take(1, Datagram{test_endpoint(2), said});
    EXPECT_THAT(world_.refused, IsEmpty());
    EXPECT_GT(world_.said.size(), before) << "unchanged, it is answered";
}

TEST_F(AStrictRing, RefusesWhatWasSaidBefore) {
    const World::Said said = last(2, 1, SwimKind::ping);
    const std::size_t before = said_so_far();
    world_.hand_over(said, test_endpoint(2));
    EXPECT_THAT(world_.refused, ::testing::ElementsAre(replayed_text));
    EXPECT_EQ(world_.said.size(), before) << "answered";
}

TEST_F(AStrictRing, DoesNotAnswerMembersOfOtherKinds) {
    Swim ping;
    ping.from = test_member(9);
    ping.from.address = {};
    const std::size_t before = said_so_far();
    for (const bool ours : {false, true}) {
        if (ours) {
            ping.extension.emplace();
            ping.extension->abilities = ability::own_messages | ability::sequences;
        }
        world_.take(1, Datagram{test_endpoint(9), encoded(ping)});
    }
    EXPECT_EQ(world_.said.size(), before);
    EXPECT_FALSE(world_.node(1).members().find(test_id(9)));
    EXPECT_THAT(world_.refused, ElementsAre(unsigned_text, unsigned_text));
}

TEST_F(AStrictRing, AMemberCannotMakeOthersTakeItForAStockOne) {
    // With one stock member in a group, all would count by upstream's rules, which sign no votes.
    const std::size_t before = said_so_far();
    world_.take(1, Datagram{test_endpoint(3), signed_ping(3, ability::sequences)});
    EXPECT_THAT(world_.refused, ElementsAre(unsigned_text));
    EXPECT_EQ(world_.said.size(), before) << "answered";
    const MemberTable& members = world_.node(1).members();
    EXPECT_EQ(members.at(members.find(world_.node(3).id()).value()).kind, PeerKind::own);
    EXPECT_EQ(members.stock_alive(), 0u);
}

TEST_F(AStrictRing, ADeathIsNotBelievedOfSomebodyUnknown) {
    // Node 7 signs as it should, but is no member of anything: it says that 2 is dead.
    Guard guard(test_ring(7, false));
    Swim swim;
    swim.kind = SwimKind::ping;
    swim.from = test_member(7);
    swim.from.id = test_ring(7, false)->id();
    const std::string proof = guard.prove(swim.from);
    swim.from.proof = proof;
    swim.membership.push_back(world_.node(1).members().record(
        world_.node(1).members().find(world_.node(2).id()).value()));
    swim.membership[0].health = Health::confirmed;
    swim.extension.emplace();
    swim.extension->to = world_.node(1).id();
    swim.extension->abilities = ability::own_messages;
    std::string bytes = encoded(swim);
    guard.sign_message(Plane::datagram, bytes);
    world_.take(1, Datagram{test_endpoint(7), bytes});
    EXPECT_EQ(world_.health(1, 2), Health::alive);
    EXPECT_THAT(world_.refused, IsEmpty()) << "the rest of it is well";
    // A member's word raises a suspicion, which the suspect refutes; it never is a death at once.
    bytes = encoded(swim);
    guard.sign_message(Plane::datagram, bytes);
    world_.take(1, Datagram{test_endpoint(7), bytes});
    EXPECT_EQ(world_.health(1, 2), Health::suspect);
    world_.run(seconds(2));
    EXPECT_EQ(world_.health(1, 2), Health::alive);
    EXPECT_GT(world_.node(2).incarnation(), 0u);
}

TEST_F(AStrictRing, ANewLifeSignsUnderANewIncarnation) {
    const std::vector<StateRecord> remembered = world_.node(2).snapshot();
    MemberBook book;
    NodeConfig config;
    config.strict = test_ring(2, false);
    config.id = config.strict->id();
    config.advertised = test_endpoint(2).ip;
    RingNode again(config, book);
    Outputs outputs;
    again.step(0, Restore{remembered}, outputs);
    EXPECT_GT(again.incarnation(), world_.node(2).incarnation());
    EXPECT_EQ(again.members().size(), 2u) << "the others' records are signed on disk, too";
}

/// Of our rings, strict or not.
class ADeadMember : public testing::TestWithParam<bool> {};

TEST_P(ADeadMember, IsNotKeptAliveByWhatItOnceSaid) {
    World world(GetParam());
    for (const unsigned number : {1u, 2u, 3u})
        world.add(number, number == 1);
    world.run(seconds(15));
    ASSERT_TRUE(world.alive(1, 3) && world.alive(2, 3));
    world.kill(3);
    std::vector<World::Said> recorded;
    for (const World::Said& said : world.said)
        if (said.from == 3 && !said.stream) recorded.push_back(said);
    ASSERT_GT(recorded.size(), 10u);
    for (std::size_t i = 0; i < 600 && world.health(1, 3) != Health::confirmed; ++i) {
        for (std::size_t n = 0; n < 5; ++n)
            world.hand_over(recorded[(5 * i + n) % recorded.size()], test_endpoint(3));
        world.run(milliseconds(100));
    }
    EXPECT_EQ(world.health(1, 3), Health::confirmed);
    EXPECT_EQ(world.health(2, 3), Health::confirmed);
}

TEST_P(ADeadMember, AndItsAddressIsNotMovedByIt) {
    World world(GetParam());
    for (const unsigned number : {1u, 2u})
        world.add(number, number == 1);
    world.run(seconds(5));
    const std::vector<World::Said> recorded = world.said;
    for (const World::Said& said : recorded)
        if (said.from == 2) world.hand_over(said, test_endpoint(66));
    const auto slot = world.node(1).members().find(world.node(2).id()).value();
    EXPECT_EQ(world.node(1).members().contact(slot).address, test_endpoint(2).ip);
    world.run(seconds(5));
    EXPECT_TRUE(world.alive(1, 2));
}

INSTANTIATE_TEST_SUITE_P(Rings, ADeadMember, testing::Bool());

TEST(ReplayWindow, KnowsWhatItSaw) {
    ReplayWindow window;
    EXPECT_FALSE(window.seen(5000));
    window.note(5000);
    EXPECT_TRUE(window.seen(5000));
    EXPECT_FALSE(window.seen(4999)) << "overtaken, not repeated";
    window.note(4999);
    EXPECT_TRUE(window.seen(4999));
    EXPECT_TRUE(window.seen(5000 - ReplayWindow::width)) << "too old to tell";
    EXPECT_FALSE(window.seen(5001 - ReplayWindow::width));
    window.note(5000 + ReplayWindow::width / 2);
    EXPECT_TRUE(window.seen(5000));
    EXPECT_FALSE(window.seen(5001));
    window.note(50000);
    EXPECT_TRUE(window.seen(5001));
    EXPECT_FALSE(window.seen(49999));
    window.restart(7);
    EXPECT_TRUE(window.seen(7));
    EXPECT_FALSE(window.seen(8));
}

TEST(Challenges, AreAnsweredOnceBySoonAndWhoWasAsked) {
    Challenges challenges;
    challenges.ask(77, test_id(1), 0);
    EXPECT_TRUE(challenges.answers(77, test_id(1), seconds(1)));
    EXPECT_FALSE(challenges.answers(77, test_id(2), seconds(1)));
    EXPECT_FALSE(challenges.answers(78, test_id(1), seconds(1)));
    EXPECT_FALSE(challenges.answers(77, test_id(1), seconds(16)));
    challenges.answered(77);
    EXPECT_FALSE(challenges.answers(77, test_id(1), seconds(1)));
    challenges.ask(79, {}, 0);
    EXPECT_TRUE(challenges.answers(79, test_id(9), 0)) << "whoever is there";
}

TEST(MemberIds, OfStrictRingsAreMadeOfKeys) {
    EXPECT_EQ(member_id_of(test_identity(1).public_key()), test_ring(1, false)->id());
    EXPECT_NE(test_ring(1, false)->id(), test_ring(2, false)->id());
}

}  // namespace
}  // namespace hab::ring
