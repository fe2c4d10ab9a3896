// SPDX-License-Identifier: Apache-2.0
#include "build/plan_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::build {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

using Fields = std::vector<std::string>;

TEST(PlanValues, ReadsEachKind) {
    const auto values = PlanValues::from_fields(
        Fields{"s", "pkg_name", "1", "redis", "a", "pkg_deps", "2", "core/a", "core/b", "a",
               "pkg_license", "0", "A", "pkg_exports", "4", "port", "server.port", "a", "b"});
    EXPECT_EQ(values.text("pkg_name"), "redis");
    EXPECT_THAT(values.list("pkg_deps"), ElementsAre("core/a", "core/b"));
    EXPECT_TRUE(values.list("pkg_license").empty());
    EXPECT_THAT(values.map("pkg_exports"),
                ElementsAre(Pair("a", "b"), Pair("port", "server.port")));
    EXPECT_EQ(values.text("unknown"), "");
    EXPECT_TRUE(values.list("unknown").empty());
    EXPECT_TRUE(values.map("unknown").empty());
}

TEST(PlanValues, RefusesOtherForms) {
    for (const Fields& fields :
         {Fields{"s", "x"}, Fields{"s", "x", "2", "a", "b"}, Fields{"a", "x", "3", "a"},
          Fields{"A", "x", "1", "a"}, Fields{"z", "x", "0"}, Fields{"a", "x", "-1"},
          Fields{"a", "x", "18446744073709551615", "a"}}) {
        EXPECT_THROW(static_cast<void>(PlanValues::from_fields(fields)), Error);
    }
}

}  // namespace
}  // namespace hab::build
