// SPDX-License-Identifier: Apache-2.0
#include "build/plan_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_dir.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

class FindPlan : public ::testing::Test {
protected:
    void plan(const std::string& relative_dir) {
        make_directories(dir_.path() / relative_dir);
        write_file_atomic(dir_.path() / relative_dir / "plan.sh", "pkg_name=x\n");
    }
    PlanFile find() { return find_plan(dir_.path(), target_); }
    void expect_42(const std::string& text) {
        try {
            static_cast<void>(find());
            FAIL() << "no error";
        } catch (const BuildError& error) {
            EXPECT_EQ(error.exit_code(), 42);
            EXPECT_THAT(error.what(), HasSubstr(text));
            EXPECT_FALSE(error.hint().empty());
        }
    }
    package::Target target_ = package::Target::parse("x86_64-linux");
    TempDir dir_;
};

TEST_F(FindPlan, TakesThePlainOnes) {
    plan("habitat");
    EXPECT_EQ(find().dir, dir_.path() / "habitat");
    EXPECT_EQ(find().warning, "");
}

TEST_F(FindPlan, PrefersTheTargetAndSaysSo) {
    plan(".");
    plan("habitat/x86_64-linux");
    EXPECT_EQ(find().dir, dir_.path() / "habitat/x86_64-linux");
    EXPECT_THAT(find().warning, HasSubstr("is for other targets"));
}

TEST_F(FindPlan, OtherTargetsDoNotCount) {
    plan("aarch64-linux");
    expect_42("there is no plan.sh in");
}

TEST_F(FindPlan, RefusesToChoose) {
    plan(".");
    plan("habitat");
    expect_42("cannot choose between the plans");
}

TEST_F(FindPlan, RefusesToChooseBetweenTargets) {
    plan("x86_64-linux");
    plan("habitat/x86_64-linux");
    expect_42("cannot choose between the plans");
}

TEST_F(FindPlan, NeedsOne) {
    expect_42("there is no plan.sh in");
}

}  // namespace
}  // namespace hab::build
