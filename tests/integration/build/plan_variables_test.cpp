// SPDX-License-Identifier: Apache-2.0
// What plans may read, and the helpers that ask the driver.
#include "build_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PlanVariables : public BuildWorld {
protected:
    void expect_built(const std::string& dir, std::map<std::string, std::string> env = {}) {
        const auto built = build(dir, std::move(env));
        ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
        out_ = built.out;
    }
    std::string out_;
};

constexpr const char* is_function =
    "is() { [[ $2 == $3 ]] || exit_with \"$1 is '$2', not '$3'\" 80; }\n";

TEST_F(PlanVariables, WhatPlansMayRead) {
    const std::string context = (dir_.path() / "app").string();
    plan("app", std::string(is_function) + R"sh(
is name-token "$pkg_svc_data_path" "/hab/svc/*/data"
pkg_release=20200202020202
pkg_custom="$pkg_svc_config_path/x"
do_begin() {
  is PWD "$PWD" "$PLAN_CONTEXT"
  is root "$HAB_ROOT_PATH" /hab
  is packages "$HAB_PKG_PATH" /hab/pkgs
  is source-cache "$HAB_CACHE_SRC_PATH" /hab/cache/src
  is artifacts "$HAB_CACHE_ARTIFACT_PATH" /hab/cache/artifacts
  is keys "$HAB_CACHE_KEY_PATH" /hab/cache/keys
  is program "$THIS_PROGRAM" hab-plan-build
  is target "$pkg_target" x86_64-linux
  is studio "${STUDIO_TYPE:-none}" none
  is custom "$pkg_custom" /hab/svc/app/config/x
  is svc "$pkg_svc_path" /hab/svc/app
  local word
  for word in data files var config config_install static; do
    local -n path=pkg_svc_${word}_path
    is "$word" "$path" "/hab/svc/app/$word"
  done
  is umask "$(umask)" 0022
  is terminfo "${TERMINFO:-unset}" unset
  is initial-pwd "$INITIAL_PWD" "$PLAN_CONTEXT"
  [[ -x $HAB_BIN && -n $INITIAL_PATH ]]
  is early "${PREFIX:-unset}" unset
}
do_prepare() {
  is SRC_PATH "$SRC_PATH" "$PLAN_CONTEXT"
  is CACHE_PATH "$CACHE_PATH" /hab/cache/src/app-1.0
  is pkg_prefix "$pkg_prefix" /hab/pkgs/acme/app/1.0/20200202020202
  is PREFIX "$PREFIX" "$pkg_prefix"
  is artifact "$pkg_artifact" "/hab/cache/artifacts/acme-app-1.0-20200202020202-x86_64-linux.hart"
  is output "$pkg_output_path" "*/results"
  is inherited "$CFLAGS" -O3
  bash -c '[[ $PREFIX == /hab/pkgs/* && $CFLAGS == -O3 && $PATH == /hab/pkgs/* ]]'
}
pkg_bin_dirs=(bin)
)sh");
    expect_built("app", {{"CFLAGS", "-O3"}, {"TERMINFO", "/x"}});
    EXPECT_EQ(last("pkg_release"), "20200202020202");
    EXPECT_THAT(out_, HasSubstr("Source Path: /hab/cache/src/app-1.0\n"));
    EXPECT_THAT(out_, HasSubstr("SHA256 Checksum: " + last("pkg_sha256sum")));
    EXPECT_THAT(out_, HasSubstr("Blake2b Checksum: " + last("pkg_blake2bsum")));
}

TEST_F(PlanVariables, SourceDirectoryAndOriginOfTheCaller) {
    ASSERT_EQ(hab({"origin", "key", "generate", "other"}).exit_code, 0);
    file("elsewhere/data", "here\n");
    plan("app", "do_install() { cp data \"$pkg_prefix/\"; }\n");
    expect_built("app", {{"HAB_SRC_PATH", (dir_.path() / "elsewhere").string()},
                         {"HAB_ORIGIN", "other"},
                         {"HAB_OUTPUT_PATH", (dir_.path() / "results").string()}});
    EXPECT_EQ(last("pkg_origin"), "other");
    EXPECT_EQ(meta("data"), "here\n");
}

TEST_F(PlanVariables, DependenciesByNameAndInterpreters) {
    plan("shell",
         "pkg_interpreters=(bin/sh bin/mysh)\npkg_bin_dirs=(bin)\n"
         "do_install() { printf '#!/bin/sh\\n' >$pkg_prefix/bin/sh; chmod 755 $pkg_prefix/bin/sh; "
         "}\n");
    ASSERT_EQ(build("shell").exit_code, 0);
    const std::string shell = prefix().string();
    plan("tool", "pkg_deps=(acme/shell)\npkg_include_dirs=(include)\n");
    ASSERT_EQ(build("tool").exit_code, 0);
    const std::string tool = prefix().string();
    plan("app", std::string(is_function) + "pkg_deps=(acme/shell)\npkg_build_deps=(acme/tool)\n" +
                    R"sh(
do_install() {
  is run "${pkg_deps_resolved[*]}" ")sh" +
                    shell + R"sh("
  is path "$(pkg_path_for acme/shell)" ")sh" +
                    shell + R"sh("
  is build "${pkg_build_deps_resolved[*]}" ")sh" +
                    tool + R"sh("
  is all "${pkg_all_deps_resolved[*]}" ")sh" +
                    tool + " " + shell + R"sh("
  is tdeps "${pkg_build_tdeps_resolved[*]}" ")sh" +
                    tool + " " + shell + R"sh("
  is all-tdeps "${pkg_all_tdeps_resolved[*]}" ")sh" +
                    tool + " " + shell + R"sh("
  is interpreter "$(pkg_interpreter_for shell bin/mysh)" ")sh" +
                    shell + R"sh(/bin/mysh"
  printf '#!/usr/bin/mysh\n' >"$pkg_prefix/a"
  printf '#! /usr/bin/env bin/sh -e\n' >"$pkg_prefix/b"
  fix_interpreter "$pkg_prefix/*" acme/shell bin/mysh
  fix_interpreter "$pkg_prefix/b" acme/shell bin/sh
  if pkg_interpreter_for acme/shell bin/none; then exit 81; fi
  if pkg_interpreter_for acme/tool bin/sh; then exit 82; fi
  is flags "$CPPFLAGS" "-I)sh" +
                    tool + R"sh(/include"
}
)sh");
    expect_built("app");
    EXPECT_EQ(meta("a"), "#!" + shell + "/bin/mysh\n");
    EXPECT_EQ(meta("b"), "#!" + shell + "/bin/sh -e\n");
    EXPECT_THAT(out_, HasSubstr("'acme/shell' has no interpreter 'bin/none'"));
    EXPECT_THAT(out_, HasSubstr("'acme/tool' must be in pkg_deps"));
}

TEST_F(PlanVariables, AVersionThatComesLateIsEverywhere) {
    file("app/plan.sh", std::string(is_function) + R"sh(
pkg_name=app
pkg_origin=acme
pkg_bin_dirs=(bin)
pkg_version() { echo 7; }
do_setup_environment() {
  push_runtime_env PYTHONPATH "$pkg_prefix/lib"
  set_buildtime_env APP_HOME "$pkg_prefix"
}
do_unpack() {
  is before "$pkg_prefix" "*/__pkg__version__unset__/*"
  update_pkg_version
  is dirname "$pkg_dirname" app-7
  is cache "$CACHE_PATH" /hab/cache/src/app-7
  is home "$APP_HOME" "$pkg_prefix"
  is python "$PYTHONPATH" "$pkg_prefix/lib*"
  is path "$PATH" "$pkg_prefix/bin:*"
}
do_build() { return 0; }
do_install() { is prefix "$pkg_prefix" "/hab/pkgs/acme/app/7/*"; }
)sh");
    expect_built("app");
    EXPECT_EQ(meta("BUILDTIME_ENVIRONMENT"), "APP_HOME=" + prefix().string() + "\n");
    EXPECT_THAT(meta("RUNTIME_ENVIRONMENT"),
                HasSubstr("PYTHONPATH=" + prefix().string() + "/lib\n"));
    EXPECT_FALSE(fs::exists("/hab/pkgs/acme/app/__pkg__version__unset__"));
}

TEST_F(PlanVariables, EnvironmentHelpersRefuseWhatTheBuilderComputes) {
    for (const auto& [call, sentence] :
         {std::pair{"set_runtime_env PATH /x", "set_runtime_env: PATH is computed by the builder"},
          std::pair{"set_runtime_env A 1; set_runtime_env A 2", "A is already '1'"},
          std::pair{"HAB_ENV_X_TYPE=primitive; push_runtime_env X 1", "X is primitive"}}) {
        plan("app", std::string("do_setup_environment() { ") + call + "; }\n");
        const auto built = build("app");
        EXPECT_EQ(built.exit_code, 1) << call;
        EXPECT_THAT(built.err, HasSubstr(sentence)) << call;
    }
    plan(
        "app",
        "do_setup_environment() { set_runtime_env A 1; set_runtime_env -f A 2; "
        "HAB_ENV_L_TYPE=aggregate; HAB_ENV_L_SEPARATOR=,; push_runtime_env L a; push_runtime_env L "
        "b; }\n");
    expect_built("app");
    EXPECT_EQ(meta("RUNTIME_ENVIRONMENT"), "A=2\nL=b,a\n");
}

TEST_F(PlanVariables, DebugShowsMore) {
    plan("app", "do_prepare() { debug detail; attach; }\n");
    expect_built("app", {{"DEBUG", "1"}});
    EXPECT_THAT(out_, HasSubstr("DEBUG: detail"));
    expect_built("app");
    EXPECT_THAT(out_, Not(HasSubstr("DEBUG: detail")));
}

}  // namespace
}  // namespace hab::test
