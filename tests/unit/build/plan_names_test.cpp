// SPDX-License-Identifier: Apache-2.0
#include "build/plan_names.hpp"

#include <gtest/gtest.h>

#include "build/source_name.hpp"

namespace hab::build {
namespace {

using Map = PlanValues::Map;

PlanValues plan(const Map& texts) {
    PlanValues values;
    for (const auto& [name, text] : texts)
        values.set_text(name, text);
    return values;
}

const NameRoots roots{"/hab/pkgs", "/hab/cache/src", "/hab/cache/artifacts", "x86_64-linux"};

TEST(SourceFileName, IsTheLastPartOrWhatTheSchemeSays) {
    EXPECT_EQ(source_file_name("https://h/a/app-1.0.tar.gz"), "app-1.0.tar.gz");
    EXPECT_EQ(source_file_name("file:///srv/app.zip"), "app.zip");
    EXPECT_EQ(source_file_name("deb:zlib1g=1:1.2.13"), "zlib1g.deb");
    EXPECT_EQ(source_file_name("deb-src:zlib"), "zlib.tar");
    EXPECT_EQ(source_file_name("git+https://h/o/repo.git#0123456789abcdef0123456789abcdef01234567"),
              "repo-0123456789ab.tar");
    EXPECT_EQ(source_file_name("git+https://h/o/repo/#v1/x"), "repo-v1-x.tar");
}

TEST(CompletePlan, FillsWhatIsOpen) {
    PlanValues values = plan({{"pkg_svc_user", "web"}, {"pkg_source", "https://h/a.tgz"}});
    EXPECT_EQ(complete_plan(values), (Map{{"pkg_filename", "a.tgz"}, {"pkg_svc_group", "web"}}));
    EXPECT_EQ(values.text("pkg_filename"), "a.tgz");
    PlanValues full = plan({{"pkg_svc_user", "web"},
                            {"pkg_svc_group", "www"},
                            {"pkg_origin", "acme"},
                            {"pkg_source", "https://h/a.tgz"},
                            {"pkg_filename", "b.tgz"}});
    EXPECT_TRUE(complete_plan(full).empty());
    full.set_map("_hab_environ", {{"HAB_ORIGIN", "other"}});
    EXPECT_EQ(complete_plan(full), (Map{{"pkg_origin", "other"}}));
}

TEST(DeriveNames, FollowNameVersionAndRelease) {
    PlanValues values = plan({{"pkg_origin", "o"},
                              {"pkg_name", "n"},
                              {"pkg_version", "1"},
                              {"pkg_release", "20260101000000"},
                              {"pkg_source", "x"}});
    EXPECT_EQ(derive_names(values, roots, true, true),
              (Map{{"pkg_dirname", "n-1"},
                   {"pkg_prefix", "/hab/pkgs/o/n/1/20260101000000"},
                   {"pkg_artifact", "/hab/cache/artifacts/o-n-1-20260101000000-x86_64-linux.hart"},
                   {"CACHE_PATH", "/hab/cache/src/n-1"},
                   {"SRC_PATH", "/hab/cache/src/n-1"}}));
}

TEST(DeriveNames, WhatThePlanSaysStays) {
    PlanValues values = plan({{"pkg_origin", "o"},
                              {"pkg_name", "n"},
                              {"pkg_version", "1"},
                              {"pkg_dirname", "icu/source"},
                              {"pkg_prefix", "/opt"}});
    const Map names = derive_names(values, roots, false, true);
    EXPECT_FALSE(names.contains("pkg_prefix"));
    EXPECT_FALSE(names.contains("pkg_dirname"));
    EXPECT_FALSE(names.contains("SRC_PATH"));  // a local source stays where it is
    EXPECT_EQ(names.at("CACHE_PATH"), "/hab/cache/src/icu/source");
}

TEST(DeriveNames, AVersionFunctionHasAToken) {
    PlanValues values = plan(
        {{"pkg_origin", "o"}, {"pkg_name", "n"}, {"_hab_has_version_function", "pkg_version"}});
    EXPECT_EQ(derive_names(values, roots, true, true).at("pkg_version"), unset_version);
    PlanValues none = plan({{"pkg_origin", "o"}, {"pkg_name", "n"}});
    EXPECT_FALSE(derive_names(none, roots, true, true).contains("pkg_version"));
}

}  // namespace
}  // namespace hab::build
