// SPDX-License-Identifier: Apache-2.0
// The invariants can be broken: whoever watches sees it.
#include "ring/sim/watch.hpp"

#include <gmock/gmock.h>

#include "ring/codec/codec.hpp"
#include "ring/sim/run.hpp"

namespace hab::ring::sim {
namespace {

class AWatch : public testing::Test {
protected:
    static Options options() {
        Options options;
        options.nodes = 3;
        return options;
    }
    void sees(std::string_view what) {
        EXPECT_THAT(watch_.violations(),
                    testing::ElementsAre(testing::HasSubstr(std::string(what))));
    }
    static Event member(const MemberId& id, Health health, std::uint64_t incarnation) {
        Event event;
        event.member = id;
        event.health = health;
        event.number = incarnation;
        return event;
    }
    static Event leader(const MemberId& id, std::uint64_t term) {
        Event event;
        event.kind = EventKind::leader_changed;
        event.group = "app.default";
        event.member = id;
        event.number = term;
        return event;
    }
    std::string spoken(NodeIndex node, std::uint64_t incarnation) {
        Swim swim;
        swim.from.id = simulation_.id_of(node, 0);
        swim.from.incarnation = incarnation;
        swim.from.swim_port = swim.from.gossip_port = 9638;
        return encoded(swim);
    }

    Simulation simulation_{options()};
    Watch watch_{simulation_};
    MemberId id_ = simulation_.id_of(2, 0);
};

TEST_F(AWatch, SeesTwoLeadersOfOneTerm) {
    simulation_.on_event(0, leader(simulation_.id_of(0, 0), 3));
    simulation_.on_event(1, leader(simulation_.id_of(1, 0), 4));
    EXPECT_TRUE(watch_.violations().empty());
    simulation_.on_event(1, leader(simulation_.id_of(1, 0), 3));
    sees("another leader");
}

TEST_F(AWatch, SeesABeliefGoBack) {
    simulation_.on_event(0, member(id_, Health::suspect, 0));
    simulation_.on_event(0, member(id_, Health::alive, 0));
    sees("went back");
}

TEST_F(AWatch, SeesAnIncarnationNobodySaid) {
    simulation_.on_event(0, member(id_, Health::alive, 1));
    sees("never said");
}

TEST_F(AWatch, SeesAnIncarnationGoBack) {
    simulation_.on_datagram(2, 0, spoken(2, 5));
    simulation_.on_datagram(2, 0, spoken(2, 4));
    sees("said incarnation 4 after 5");
}

TEST_F(AWatch, SeesADepartedMemberComeBack) {
    simulation_.start(0);
    simulation_.on_datagram(2, 0, spoken(2, 3));
    // A member that stopped by itself may come back.
    simulation_.on_event(0, member(id_, Health::departed, 0));
    simulation_.on_event(0, member(id_, Health::alive, 1));
    EXPECT_TRUE(watch_.violations().empty());
    Rumor rumor;
    rumor.kind = RumorKind::departure;
    rumor.from = client_injector;
    rumor.body = DepartureRumor{id_};
    const std::string bytes = encoded(rumor);
    simulation_.command(0, Inject{bytes});
    simulation_.on_event(0, member(id_, Health::departed, 1));
    simulation_.command(0, Wake{});
    simulation_.on_event(0, member(id_, Health::alive, 2));
    sees("took back departed");
}

TEST_F(AWatch, SeesDatagramsThatAreTooLargeOrNone) {
    simulation_.on_datagram(0, 1, std::string(1000, 'x'));
    EXPECT_THAT(watch_.violations(), testing::SizeIs(2));
}

TEST_F(AWatch, SeesAFalseAlarmWhereThereMustBeNone) {
    simulation_.start(2);
    watch_.nobody_is_cut_off();
    simulation_.on_event(0, member(id_, Health::confirmed, 0));
    sees("which lives");
    EXPECT_EQ(watch_.false_alarms(), 1u);
}

TEST(ARun, FailsWhenNoDatagramEverArrives) {
    Options options;
    options.nodes = 3;
    options.loss = 1;
    const Outcome outcome = run(options);
    EXPECT_FALSE(outcome.good());
    EXPECT_THAT(outcome.violations, testing::Contains(testing::HasSubstr("did not form")));
}

}  // namespace
}  // namespace hab::ring::sim
