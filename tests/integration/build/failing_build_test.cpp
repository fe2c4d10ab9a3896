// SPDX-License-Identifier: Apache-2.0
// Builds that must fail: with which sentence, which exit code, and what is left behind.
#include <csignal>
#include <optional>

#include "build_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FailingBuild : public BuildWorld {
protected:
    /// Builds "app" and expects this end; nothing looks installed afterwards.
    void expect_failure(int exit_code, const std::string& sentence) {
        const auto built = build("app");
        EXPECT_EQ(built.exit_code, exit_code) << built.out << built.err;
        EXPECT_THAT(built.err, HasSubstr(sentence));
        EXPECT_THAT(built.err, HasSubstr("hint: "));
        EXPECT_FALSE(fs::exists(results("last_build.env")));
        EXPECT_EQ(hab({"pkg", "path", "acme/app"}).exit_code, 1);
        EXPECT_TRUE(!fs::exists("/hab/cache/artifacts") || fs::is_empty("/hab/cache/artifacts"));
    }
};

TEST_F(FailingBuild, ExitCodesOfPhases) {
    const std::pair<const char*, int> cases[] = {{"false", 1},
                                                 {"return 7", 7},
                                                 {"exit 9", 9},
                                                 {"exit_with 'no good' 55", 55},
                                                 {"x=$(pkg_path_for missing)", 1},
                                                 {"(exit 3)", 3},
                                                 {"false || return 8", 8},
                                                 {"unpack_file nothing.tar", 1},
                                                 {"no-such-command", 127}};
    for (const auto& [body, code] : cases) {
        plan("app", std::string("do_install() { touch $pkg_prefix/x; ") + body +
                        "; touch $pkg_prefix/y; }\n");
        expect_failure(
            code, "building acme/app failed in do_install with status " + std::to_string(code));
        EXPECT_FALSE(fs::exists("/hab/pkgs/acme/app/1.0") &&
                     !fs::is_empty("/hab/pkgs/acme/app/1.0"));
        EXPECT_TRUE(fs::exists(results("pre_build.env")));
    }
}

TEST_F(FailingBuild, ThePlaceIsNamed) {
    plan("app", "do_prepare() {\n  ls /does-not-exist\n}\n");
    expect_failure(2, "failed in do_prepare with status 2, at: ls /does-not-exist (");
    plan("app", "do_prepare() { exit_with 'the moon is in the wrong phase' 4; }\n");
    expect_failure(4, "with status 4: the moon is in the wrong phase");
}

TEST_F(FailingBuild, PipesAndUnsetVariablesDoNotFail) {
    plan("app", "do_prepare() { false | cat; echo \"$nothing\"; }\n");
    EXPECT_EQ(build("app").exit_code, 0);
}

TEST_F(FailingBuild, ErrorsWhileSourcing) {
    plan("app", "false\nno-such-command\ntrue\n");
    EXPECT_EQ(build("app").exit_code, 0);
    fs::remove_all("/hab/pkgs");
    fs::remove_all("/hab/cache/artifacts");
    fs::remove_all(results("last_build.env"));
    plan("app", "(exit 5)\n");
    expect_failure(5, "Failed to load plan");
    plan("app", "if\n");
    expect_failure(2, "Failed to load plan");
    plan("app", "exit 0\n");
    expect_failure(1, "called 'exit 0'");
}

TEST_F(FailingBuild, IncompletePlans) {
    file("app/plan.sh", "pkg_origin=acme\npkg_version=1\n");
    expect_failure(1, "the plan does not set pkg_name");
    file("app/plan.sh", "pkg_name=app\npkg_version=1\n");
    expect_failure(1, "the plan does not set pkg_origin");
    file("app/plan.sh", "pkg_name=a.b\npkg_origin=acme\npkg_version=1\n");
    expect_failure(1, "the plan's pkg_name 'a.b' is not a valid name");
    file("app/plan.sh", "pkg_name=app\npkg_origin=acme\n");
    expect_failure(1, "the plan sets no pkg_version");
    plan("app", "pkg_type=composite\n");
    expect_failure(1, "composite plans (pkg_type=composite) cannot be built");
}

TEST_F(FailingBuild, NoPlan) {
    make_directories(dir_.path() / "app");
    expect_failure(42, "there is no plan.sh in");
    const auto missing = build("nowhere");
    EXPECT_EQ(missing.exit_code, 42);
    EXPECT_EQ(hab({"pkg", "build", "-N", "-R", "app"}).exit_code, 2);
}

TEST_F(FailingBuild, NoKey) {
    plan("app", "");
    const auto built = build("app", {{"HAB_ORIGIN", "nobody"}});
    EXPECT_EQ(built.exit_code, 35);
    EXPECT_THAT(built.err, HasSubstr("there is no secret key of the origin 'nobody'"));
    EXPECT_THAT(built.err, HasSubstr("hab origin key generate nobody"));
    const auto asked = hab({"pkg", "build", "-N", "-k", "acme,other", "app"});
    EXPECT_EQ(asked.exit_code, 35);
    EXPECT_THAT(asked.err, HasSubstr("'other'"));
}

TEST_F(FailingBuild, Versions) {
    file("app/plan.sh", "pkg_name=app\npkg_origin=acme\npkg_version() { echo 1; }\n");
    expect_failure(2, "pkg_version is not set");
    file("app/plan.sh",
         "pkg_name=app\npkg_origin=acme\npkg_version() { echo 1; }\n"
         "do_before() { update_pkg_version; }\ndo_build() { update_pkg_version; }\n");
    expect_failure(21, "update_pkg_version was called in do_build");
    plan("app", "pkg_prefix=/opt/app\n");
    expect_failure(1, "pkg_prefix is '/opt/app', but a package of this plan lives in");
}

TEST_F(FailingBuild, Dependencies) {
    plan("app", "pkg_deps=(acme/none)\n");
    expect_failure(1, "cannot resolve the dependency 'acme/none'");
    plan("app", "pkg_scaffolding=acme/none\n");
    expect_failure(1, "cannot resolve the dependency 'acme/none'");
    plan("app", "pkg_deps=(acme)\n");
    expect_failure(1, "cannot resolve the dependency 'acme'");
}

TEST_F(FailingBuild, ScaffoldingWithoutScript) {
    plan("frame", "");
    ASSERT_EQ(build("frame").exit_code, 0);
    plan("app", "pkg_scaffolding=acme/frame\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 17);
    EXPECT_THAT(built.err, HasSubstr("has no lib/scaffolding.sh"));
    file("frame/lib/scaffolding.sh", "false\n");
    plan("frame",
         "do_install() { mkdir $pkg_prefix/lib; cp $PLAN_CONTEXT/lib/scaffolding.sh "
         "$pkg_prefix/lib; }\n");
    ASSERT_EQ(build("frame").exit_code, 0);
    const auto broken = build("app");
    EXPECT_EQ(broken.exit_code, 17);
    EXPECT_THAT(broken.err, HasSubstr("Failed to load the scaffolding acme/frame"));
}

TEST_F(FailingBuild, TwoPlansOfOneRank) {
    plan("app", "");
    file("app/habitat/plan.sh", "exit 1\n");
    expect_failure(42, "cannot choose between the plans");
}

TEST_F(FailingBuild, CrInThePlan) {
    file("app/plan.sh", "pkg_name=app\r\npkg_origin=acme\r\npkg_version=1\r\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.err, HasSubstr("the plan has CRLF line ends"));
}

TEST_F(FailingBuild, ACycleIsRefused) {
    plan("app", "");
    ASSERT_EQ(build("app").exit_code, 0);
    plan("middle", "pkg_deps=(acme/app)\n");
    ASSERT_EQ(build("middle").exit_code, 0);
    const std::string middle = last("pkg_ident");
    plan("app", "pkg_deps=(acme/middle)\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.err,
                HasSubstr("acme/app depends on " + middle + ", which depends on acme/app"));
    plan("app", "pkg_deps=(acme/app)\n");
    EXPECT_THAT(build("app").err, HasSubstr("acme/app depends on itself"));
    // Compilers are built with an older release of themselves.
    plan("app", "pkg_build_deps=(acme/app)\n");
    EXPECT_EQ(build("app").exit_code, 0);
}

TEST_F(FailingBuild, WhatIsWrongAboutAHelperIsNotBlamedForALaterFailure) {
    plan("app", "do_prepare() { download_file file:///nothing x || true; ls /does-not-exist; }\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 2);
    EXPECT_THAT(built.err, HasSubstr("failed in do_prepare with status 2, at: ls /does-not-exist"));
    plan("app", "do_prepare() { download_file file:///nothing x; }\n");
    EXPECT_THAT(build("app").err, HasSubstr("failed in do_prepare with status 1: cannot"));
}

TEST_F(FailingBuild, TwoReleasesOfOneDependency) {
    plan("base", "");
    ASSERT_EQ(build("base", {{"SOURCE_DATE_EPOCH", "1700000000"}}).exit_code, 0);
    plan("one", "pkg_deps=(acme/base)\n");
    ASSERT_EQ(build("one").exit_code, 0);
    plan("base", "");
    ASSERT_EQ(build("base", {{"SOURCE_DATE_EPOCH", "1700000001"}}).exit_code, 0);
    plan("app", "pkg_deps=(acme/one acme/base)\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 31);
    EXPECT_THAT(built.err, HasSubstr("more than one release of acme/base"));
    EXPECT_THAT(built.err, HasSubstr("    acme/base/1.0/20231114221320 (*)"));
    EXPECT_THAT(built.err, HasSubstr("acme/base/1.0/20231114221321 (*)"));
    // Build dependencies may differ.
    plan("app", "pkg_deps=(acme/base)\npkg_build_deps=(acme/one)\n");
    EXPECT_EQ(build("app").exit_code, 0);
}

TEST_F(FailingBuild, Hooks) {
    plan("app", "");
    file("app/hooks/run", "#!/bin/sh\r\nexec true\r\n");
    expect_failure(1, "has CRLF line ends");
    file("app/hooks/run", "#!/bin/sh\n");
    file("app/hooks/run.sh", "#!/bin/sh\n");
    expect_failure(1, "there is more than one file for the hook 'run'");
}

TEST_F(FailingBuild, BadSettings) {
    plan("app", "pkg_exposes=(port)\n");
    expect_failure(1, "pkg_exposes names 'port', which is not in pkg_exports");
    plan("app", "pkg_exports=([port]=a)\npkg_exposes=(port)\n");
    file("app/default.toml", "a = = 1\n");
    expect_failure(1, "default.toml:1:");
    fs::remove(dir_.path() / "app/default.toml");
    plan("app", "pkg_source=gopher://example/x.tar\n");
    expect_failure(1, "cannot download 'gopher://example/x.tar'");
    plan("app", "do_download() { download_file file:///etc/hostname ../../evil; }\n");
    expect_failure(1, "cannot use the file name of a source");
}

TEST_F(FailingBuild, AfterFailureAndAfterSuccessCannotChangeTheOutcome) {
    plan("app", "do_build() { return 6; }\ndo_after_failure() { echo cleaning; exit 0; }\n");
    const auto failed = build("app");
    EXPECT_EQ(failed.exit_code, 6);
    EXPECT_THAT(failed.out, HasSubstr("cleaning\n"));
    plan("app", "do_after_success() { false; echo unreached; }\n");
    const auto good = build("app");
    EXPECT_EQ(good.exit_code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("do_after_success failed with status 1"));
    EXPECT_THAT(good.out, Not(HasSubstr("unreached")));
}

class InterruptedBuild : public BuildWorld {
protected:
    void start() {
        plan("app",
             "do_build() { echo $$ > \"$PLAN_CONTEXT/pid\"; sleep 3000 & echo $! > "
             "\"$PLAN_CONTEXT/child\"; wait; }\n"
             "do_install() { return 0; }\ndo_after_failure() { echo cleaned up; }\n");
        build_.emplace(
            std::vector<std::string>{program("bin/hab").string(), "pkg", "build", "-N", "app"},
            RunOptions{.cwd = dir_.path().string()});
        ASSERT_TRUE(eventually([&] { return number("child") > 0; })) << build_->output();
    }
    pid_t number(const std::string& name) {
        const auto text = read_file_if_exists(dir_.path() / "app" / name);
        return text && text->ends_with("\n") ? std::stoi(*text) : 0;
    }
    static bool alive(pid_t pid) {
        const auto status = read_file_if_exists("/proc/" + std::to_string(pid) + "/stat");
        return status && status->find(") Z ") == std::string::npos;
    }
    std::optional<Background> build_;
};

TEST_F(InterruptedBuild, TermEndsEverythingAndCleansUp) {
    start();
    const pid_t shell = number("pid");
    const pid_t child = number("child");
    ASSERT_EQ(::kill(build_->pid(), SIGTERM), 0);
    EXPECT_EQ(build_->wait(), 1);
    EXPECT_THAT(build_->output(), HasSubstr("the build was interrupted"));
    EXPECT_THAT(build_->output(), HasSubstr("cleaned up"));
    EXPECT_TRUE(eventually([&] { return !alive(shell) && !alive(child); }));
    EXPECT_EQ(hab({"pkg", "path", "acme/app"}).exit_code, 1);
}

TEST_F(InterruptedBuild, KilledDriverLeavesNoPackageAndNoShell) {
    start();
    const pid_t shell = number("pid");
    ASSERT_EQ(::kill(build_->pid(), SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return !alive(shell); }));
    EXPECT_EQ(hab({"pkg", "path", "acme/app"}).exit_code, 1);
    EXPECT_EQ(build("app/..", {}).exit_code, 42);
}

}  // namespace
}  // namespace hab::test
