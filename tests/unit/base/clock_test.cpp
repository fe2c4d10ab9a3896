// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hpp"

namespace hab {
namespace {

TEST(Clock, WritesStampsInUtc) {
    const WallTime time{std::chrono::seconds(1461775300)};  // 2016-04-27 16:41:40 UTC
    EXPECT_EQ(compact_utc(time), "20160427164140");
    EXPECT_EQ(rfc3339_utc(time), "2016-04-27T16:41:40Z");
}

TEST(Clock, FakeClockMovesOnlyByHand) {
    FakeClock clock;
    const auto before = clock.now();
    EXPECT_EQ(clock.now(), before);
    clock.advance(std::chrono::milliseconds(1500));
    EXPECT_EQ(clock.now() - before, std::chrono::milliseconds(1500));
}

class SourceDate : public ::testing::Test {
protected:
    void TearDown() override { ::unsetenv("SOURCE_DATE_EPOCH"); }
    FakeClock clock_;
};

TEST_F(SourceDate, PrefersTheEnvironment) {
    clock_.set_wall(WallTime{std::chrono::seconds(5)});
    EXPECT_EQ(source_date(clock_), clock_.wall());
    ::setenv("SOURCE_DATE_EPOCH", "1000", 1);
    EXPECT_EQ(source_date(clock_), WallTime{std::chrono::seconds(1000)});
}

TEST_F(SourceDate, RefusesWhatIsNotANumberOfSeconds) {
    for (const char* text : {"yesterday", "-1", "12x", "253402300800"}) {
        ::setenv("SOURCE_DATE_EPOCH", text, 1);
        EXPECT_THROW(static_cast<void>(source_date(clock_)), Error) << text;
    }
}

}  // namespace
}  // namespace hab
