// SPDX-License-Identifier: Apache-2.0
#include "base/fail_point.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

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

TEST(FailPointDeathTest, RulesOfAFileComeAtAnyTimeAndHoldOnce) {
    const std::string file = ::testing::TempDir() + "fail-points." + std::to_string(::getpid());
    const auto body = [&file] {
        ::setenv("HAB_FAIL_POINTS", ("@" + file).c_str(), 1);
        fail_point("here");  // no such file yet
        std::ofstream(file) << "here:/b=error:ENOSPC@2";
        fail_point("here", "/a");
        fail_point("here", "/b");
        try {
            fail_point("here", "/b");
        } catch (const Error& error) {
            const bool once = ::access(file.c_str(), F_OK) != 0;
            fail_point("here", "/b");
            ::_exit(once && error.system_errno() == ENOSPC ? 0 : 2);
        }
        ::_exit(1);
    };
    EXPECT_EXIT(body(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hab
