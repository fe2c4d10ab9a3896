// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace hab {
namespace {

TEST(Error, FromErrnoKeepsNumberAndFindsTheKind) {
    const Error error = Error::from_errno("cannot write '/x'", ENOSPC);
    EXPECT_EQ(error.code(), ErrorCode::no_space);
    EXPECT_EQ(error.system_errno(), ENOSPC);
    EXPECT_STREQ(error.what(), "cannot write '/x': No space left on device");
    EXPECT_NE(error.hint(), "");
    EXPECT_EQ(Error::from_errno("x", ENOENT).code(), ErrorCode::not_found);
    EXPECT_EQ(Error::from_errno("x", EACCES).code(), ErrorCode::denied);
    EXPECT_EQ(Error::from_errno("x", EIO).code(), ErrorCode::io);
}

TEST(Error, ContextStandsInFrontAndKeepsTheRest) {
    const Error outer =
        Error(ErrorCode::crypto, "bad signature", "ask the origin").in("core/redis");
    EXPECT_STREQ(outer.what(), "core/redis: bad signature");
    EXPECT_EQ(outer.code(), ErrorCode::crypto);
    EXPECT_EQ(outer.hint(), "ask the origin");
}

TEST(Error, OnlyUsageErrorsExitWithTwo) {
    EXPECT_EQ(exit_code(Error(ErrorCode::usage, "x")), 2);
    EXPECT_EQ(exit_code(Error(ErrorCode::io, "x")), 1);
}

}  // namespace
}  // namespace hab
