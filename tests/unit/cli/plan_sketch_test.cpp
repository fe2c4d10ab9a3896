// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/plan_sketch.hpp"

#include <gtest/gtest.h>

namespace hab::cli {
namespace {

using Texts = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

TEST(PlanSketch, ReadsPlainAssignments) {
    const auto plan = PlanSketch::read(
        "# pkg_name=commented\npkg_name=tide\npkg_origin=\"acme\"\npkg_version='1.0'  # note\n"
        "pkg_description=\"\nmany\nlines\"\npkg_svc_user=root; echo x\n");
    EXPECT_EQ(plan.text("pkg_name"), "tide");
    EXPECT_EQ(plan.text("pkg_origin"), "acme");
    EXPECT_EQ(plan.text("pkg_version"), "1.0");
    EXPECT_EQ(plan.text("pkg_description"), "\nmany\nlines");
    EXPECT_EQ(plan.text("pkg_svc_user"), "root");
    EXPECT_EQ(plan.text("pkg_absent"), "");
}

TEST(PlanSketch, FollowsReferencesToWhatItHasRead) {
    const auto plan = PlanSketch::read(
        "pkg_name=tide\npkg_version=1.0\npkg_dirname=$pkg_name-${pkg_version}\n"
        "pkg_svc_user='$pkg_name'\npkg_description=\"a \\$5 ${pkg_name}\"\n");
    EXPECT_EQ(plan.text("pkg_dirname"), "tide-1.0");
    EXPECT_EQ(plan.text("pkg_svc_user"), "$pkg_name");
    EXPECT_EQ(plan.text("pkg_description"), "a $5 tide");
}

TEST(PlanSketch, LeavesOutWhatBashWouldCompute) {
    const auto plan = PlanSketch::read(
        "pkg_version=1.0\npkg_version=$(cat VERSION)\npkg_name=`basename x`\n"
        "pkg_origin=${HAB_ORIGIN:-acme}\nother=1\n  pkg_svc_user=indented\n");
    EXPECT_EQ(plan.text("pkg_version"), "") << "the later value is unknown";
    EXPECT_EQ(plan.text("pkg_name"), "");
    EXPECT_EQ(plan.text("pkg_origin"), "");
    EXPECT_EQ(plan.text("pkg_svc_user"), "");
}

TEST(PlanSketch, ReadsArraysOfBothKinds) {
    const auto plan = PlanSketch::read(
        "pkg_deps=(core/glibc\n  core/jq # json\n  \"core/two words\"\n)\npkg_exposes=(port)\n"
        "pkg_exports=(\n  [port]=server.port\n  [\"ssl-port\"]=\"server.ssl port\"\n)\n"
        "pkg_binds=([database]=\"port host\")\npkg_build_deps=()\n");
    EXPECT_EQ(plan.list("pkg_deps"), (Texts{"core/glibc", "core/jq", "core/two words"}));
    EXPECT_EQ(plan.list("pkg_exposes"), Texts{"port"});
    EXPECT_EQ(plan.map("pkg_exports"),
              (Map{{"port", "server.port"}, {"ssl-port", "server.ssl port"}}));
    EXPECT_EQ(plan.map("pkg_binds"), (Map{{"database", "port host"}}));
    EXPECT_TRUE(plan.list("pkg_build_deps").empty());
}

TEST(PlanSketch, SurvivesAnyText) {
    for (const char* text : {"pkg_a=(", "pkg_a=([", "pkg_a=([x", "pkg_a=([x]", "pkg_a=\"",
                             "pkg_a='", "pkg_a=$", "pkg_a=${", "pkg_a=${x", "pkg_a=\\", "pkg_",
                             "pkg_a", "pkg_a=()pkg_b=1", "pkg_a=(;;)", "pkg_a=(])"}) {
        EXPECT_NO_THROW((void)PlanSketch::read(text)) << text;
    }
}

}  // namespace
}  // namespace hab::cli
