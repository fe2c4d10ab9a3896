// SPDX-License-Identifier: Apache-2.0
#include "base/fail_point.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hpp"

namespace hab {
namespace {

// The rules are read once per process, so everything about them stands in one test.
TEST(FailPoint, FailsAtTheNamedPassageOnly) {
    ::setenv("HAB_FAIL_POINTS", "disk=error:ENOSPC@2,net:/a/=error:EIO", 1);
    fail_point("disk", "/x");
    try {
        fail_point("disk", "/x");
        FAIL() << "the second passage must fail";
    } catch (const Error& error) {
        EXPECT_EQ(error.system_errno(), ENOSPC);
    }
    fail_point("disk", "/x");
    fail_point("other");
    fail_point("net", "/b/c");
    EXPECT_THROW(fail_point("net", "/a/c"), Error);
}

TEST(FailPointDeathTest, KillsLikeAPowerCut) {
    EXPECT_EXIT(
        {
            ::setenv("HAB_FAIL_POINTS", "here=kill", 1);
            fail_point("here");
        },
        ::testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace hab
