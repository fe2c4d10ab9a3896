// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/options.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace hab::ring::sim {
namespace {

TEST(Faults, AreNamedOnTheCommandLine) {
    EXPECT_EQ(Faults::parse("none").to_string(), "none");
    EXPECT_EQ(Faults::parse("slow,crash").to_string(), "slow,crash");
    EXPECT_TRUE(Faults::parse("all").has(Fault::leave));
    EXPECT_EQ(Faults::parse(Faults::all().to_string()).bits(), Faults::all().bits());
}

TEST(Faults, RefuseANameThatIsNone) {
    try {
        (void)Faults::parse("loss,gremlins");
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_EQ(error.message(), "'gremlins' is not a fault of the simulator");
        EXPECT_THAT(error.hint(), testing::HasSubstr("partition"));
    }
}

}  // namespace
}  // namespace hab::ring::sim
