// SPDX-License-Identifier: Apache-2.0
// Which numbers of a member a node of a strict ring takes, also after that member's clock went back.
#include <gmock/gmock.h>

#include "strict_world.hpp"

namespace hab::ring {
namespace {

class AGuard : public testing::Test {
protected:
    static std::string said(Guard& by, Plane plane) {
        std::string bytes = "what it says";
        by.sign_message(plane, bytes);
        return bytes;
    }
    Refusal heard(Plane plane, const std::string& bytes,
                  std::optional<std::uint64_t> asked = std::nullopt) {
        return here_.check_message(plane, bytes, peer_, asked);
    }
    Guard here_{test_ring(1, false)};
    const MemberId peer_ = test_ring(2, false)->id();
};

TEST_F(AGuard, TakesAMemberThatCountsFromFurtherDownOnBothPlanes) {
    Guard before(test_ring(2, false, 1'000'000));
    ASSERT_EQ(heard(Plane::datagram, said(before, Plane::datagram)), Refusal::none);
    ASSERT_EQ(heard(Plane::stream, said(before, Plane::stream)), Refusal::none);
    ASSERT_EQ(here_.highest(peer_), 1'000'002u);

    Guard now(test_ring(2, false, 500));
    const std::string early = said(now, Plane::datagram);
    EXPECT_EQ(heard(Plane::datagram, said(now, Plane::datagram)), Refusal::replayed);
    EXPECT_EQ(heard(Plane::stream, said(now, Plane::stream)), Refusal::replayed);
    EXPECT_EQ(heard(Plane::datagram, said(now, Plane::datagram), here_.highest(peer_)),
              Refusal::none);
    EXPECT_EQ(heard(Plane::stream, said(now, Plane::stream)), Refusal::none);
    EXPECT_EQ(heard(Plane::datagram, said(now, Plane::datagram)), Refusal::none);
    EXPECT_EQ(heard(Plane::datagram, early), Refusal::replayed) << "of whichever life";
}

TEST_F(AGuard, TakesItEvenIfOnlyItsStreamsWereFurther) {
    Guard before(test_ring(2, false, 1'000'000));
    ASSERT_EQ(heard(Plane::stream, said(before, Plane::stream)), Refusal::none);
    Guard now(test_ring(2, false, 500));
    EXPECT_EQ(heard(Plane::datagram, said(now, Plane::datagram), here_.highest(peer_)),
              Refusal::none);
    EXPECT_EQ(heard(Plane::stream, said(now, Plane::stream)), Refusal::none);
}

TEST_F(AGuard, AnAnswerThatWasHeldBackMakesNothingRepeatable) {
    Guard peer(test_ring(2, false, 1'000'000));
    ASSERT_EQ(heard(Plane::datagram, said(peer, Plane::datagram)), Refusal::none);
    const std::uint64_t asked = here_.highest(peer_);
    const std::string answer = said(peer, Plane::datagram);
    const std::string next = said(peer, Plane::datagram);
    ASSERT_EQ(heard(Plane::datagram, next), Refusal::none);
    std::string last;
    for (std::uint64_t i = 0; i < ReplayWindow::width; ++i)
        last = said(peer, Plane::datagram);
    ASSERT_EQ(heard(Plane::datagram, last), Refusal::none);

    EXPECT_EQ(heard(Plane::datagram, answer, asked), Refusal::none) << "late, but an answer";
    EXPECT_EQ(heard(Plane::datagram, next), Refusal::replayed);
    EXPECT_EQ(heard(Plane::datagram, last), Refusal::replayed);
    EXPECT_EQ(heard(Plane::datagram, answer), Refusal::replayed);
}

TEST(ARingOfMembers, TakesBackTheOneWhoseClockWentBack) {
    World world(true);
    world.add(1, true);
    world.add(2, false, 1'000'000);
    world.run(seconds(15));
    ASSERT_TRUE(world.alive(1, 2) && world.alive(2, 1));
    world.begin_again(2, 1);
    world.run(seconds(30));
    world.refused.clear();
    world.take(1, Inject{test_config("app.default", 1, "since = \"then\"")});
    world.run(seconds(10));
    EXPECT_THAT(world.refused, testing::IsEmpty()) << "what it says counts again";
    EXPECT_TRUE(world.alive(1, 2) && world.alive(2, 1));
    EXPECT_TRUE(world.has(2, "since"));
}

}  // namespace
}  // namespace hab::ring
