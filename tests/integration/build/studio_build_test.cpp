// SPDX-License-Identifier: Apache-2.0
// Builds in the chroot studio, with packages made from this machine's own tools.
#include <csignal>
#include <optional>

#include "build_world.hpp"
#include "support/mount.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

/// Copies a program and its libraries into the package and makes it use them only.
constexpr const char* take_program = R"sh(
take() {
  local program word
  mkdir -p "$pkg_prefix/lib"
  for program; do
    cp -L "$(command -v "$program")" "$pkg_prefix/bin/$program"
    for word in $(ldd "$pkg_prefix/bin/$program"); do
      if [[ $word == /* ]]; then cp -nL "$word" "$pkg_prefix/lib/"; fi
    done
    patchelf --set-interpreter "$pkg_prefix/lib/ld-linux-x86-64.so.2" \
      --force-rpath --set-rpath "$pkg_prefix/lib" "$pkg_prefix/bin/$program"
  done
}
do_strip() { return 0; }
do_build() { return 0; }
)sh";

class StudioBuild : public BuildWorld {
protected:
    void SetUp() override {
        BuildWorld::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        HAB_REQUIRE(run({"sh", "-c", "command -v patchelf && command -v ldd"}).exit_code == 0,
                    "patchelf and ldd make the packages for the studio");
        ASSERT_EQ(hab({"origin", "key", "generate", "core"}).exit_code, 0);
        tool("bash",
             "pkg_interpreters=(bin/bash bin/sh)\ndo_install() { take bash; ln -s bash "
             "$pkg_prefix/bin/sh; }\n");
        tool("coreutils",
             "do_install() { take cat chmod cp env id ln ls mkdir mv rm sleep touch; }\n");
    }
    void tool(const std::string& name, const std::string& install) {
        file(name + "/plan.sh", "pkg_name=" + name +
                                    "\npkg_origin=core\npkg_version=1\npkg_bin_dirs=(bin)\n" +
                                    std::string(take_program) + install);
        const auto built = build(name);
        ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    }
    RunResult in_studio(const std::string& context, std::map<std::string, std::string> env = {}) {
        return hab({"pkg", "build", context}, std::move(env));
    }
};

TEST_F(StudioBuild, SeesOnlyPackagesAndLeavesOnlyTheArtifact) {
    plan("lib", "do_install() { echo from-lib > $pkg_prefix/data; }\n");
    ASSERT_EQ(build("lib").exit_code, 0);
    const std::string lib = last("pkg_ident");
    plan("hidden", "");
    ASSERT_EQ(build("hidden").exit_code, 0);
    const auto mounts = mounts_below("/hab");
    plan("app", R"sh(
pkg_deps=(acme/lib core/bash)
pkg_bin_dirs=(bin)
do_prepare() {
  echo "studio type $STUDIO_TYPE, plan $PLAN_CONTEXT, source $SRC_PATH"
  for path in /hab/cache/keys /hab/cache/artifacts /hab/pkgs/acme/hidden /usr/bin/gcc /work; do
    if [[ -e $path ]]; then exit_with "$path is visible" 90; fi
  done
  if touch "$(pkg_path_for lib)/written" 2>/dev/null; then exit_with "a dependency is writable" 91; fi
  [[ $(cat "$(pkg_path_for lib)/data") == from-lib && $SECRET == "two words" ]]
  /bin/sh -c 'exit 0'
}
do_install() {
  echo '#!/bin/bash' > $pkg_prefix/bin/app
  echo 'echo "app runs"' >> $pkg_prefix/bin/app
  chmod 0755 $pkg_prefix/bin/app
  printf '#!/usr/bin/env bash\n' > $pkg_prefix/other
}
)sh");
    const auto built = in_studio("app", {{"HAB_STUDIO_SECRET_SECRET", "two words"}});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_THAT(built.out, HasSubstr("studio type default, plan /src/app, source /src/app"));
    EXPECT_EQ(mounts_below("/hab"), mounts);
    EXPECT_FALSE(fs::exists(prefix()));  // built, not installed
    EXPECT_TRUE(fs::is_empty("/hab/cache/build") || !fs::exists("/hab/cache/build/app"));
    const auto installed = hab({"pkg", "install", results(last("pkg_artifact")).string()});
    ASSERT_EQ(installed.exit_code, 0) << installed.err;
    EXPECT_EQ(meta("PACKAGE_TYPE"), "absent");
    EXPECT_THAT(meta("DEPS"), HasSubstr(lib + "\ncore/bash/1/"));
    EXPECT_FALSE(fs::exists("/hab/pkgs/" + lib + "/written"));
}

TEST_F(StudioBuild, ScaffoldingMayAskForMore) {
    plan("extra", "do_install() { echo extra > $pkg_prefix/data; }\n");
    ASSERT_EQ(build("extra").exit_code, 0);
    file("frame/lib/scaffolding.sh", "scaffolding_load() { pkg_build_deps+=(acme/extra); }\n");
    plan("frame",
         "do_install() { mkdir $pkg_prefix/lib; cp $PLAN_CONTEXT/lib/scaffolding.sh "
         "$pkg_prefix/lib; }\n");
    ASSERT_EQ(build("frame").exit_code, 0);
    plan("app",
         "pkg_scaffolding=acme/frame\ndo_prepare() { [[ $(cat \"$(pkg_path_for extra)/data\") == "
         "extra ]]; }\n");
    const auto built = in_studio("app");
    EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
}

TEST_F(StudioBuild, SourcesComeInFromOutside) {
    file("data.txt", "fetched outside\n");
    plan("app", "do_download() { download_file file://" + dir_.path().string() +
                    "/data.txt data.txt; }\ndo_install() { cp $HAB_CACHE_SRC_PATH/data.txt "
                    "$pkg_prefix; }\n");
    const auto built = in_studio("app");
    EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
}

TEST_F(StudioBuild, FailuresKeepTheirExitCode) {
    plan("app", "do_build() { exit_with 'not today' 44; }\n");
    const auto built = in_studio("app");
    EXPECT_EQ(built.exit_code, 44);
    EXPECT_THAT(built.err, HasSubstr("failed in do_build with status 44: not today"));
    plan("app", "do_install() { rm -r \"$pkg_prefix\"; ln -s /tmp \"$pkg_prefix\"; }\n");
    const auto link = in_studio("app");
    EXPECT_EQ(link.exit_code, 1);
    EXPECT_THAT(link.err, HasSubstr("is not a directory"));
    EXPECT_FALSE(fs::exists("/tmp/IDENT"));
}

TEST_F(StudioBuild, NeedsABashPackage) {
    fs::remove_all("/hab/pkgs/core/bash");
    plan("app", "");
    const auto built = in_studio("app");
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.err, HasSubstr("there is no bash package to evaluate the plan with"));
    const auto backend = hab({"pkg", "build", "--backend", "nowhere", "app"});
    EXPECT_EQ(backend.exit_code, 1);
    EXPECT_THAT(backend.err, HasSubstr("nowhere"));
}

TEST_F(StudioBuild, ThePlanMustBeBelowTheSourceDirectory) {
    plan("app", "");
    make_directories(dir_.path() / "other");
    const auto built = hab({"pkg", "build", "--src", "other", "app"});
    EXPECT_EQ(built.exit_code, 2);
    EXPECT_THAT(built.err, HasSubstr("is not below the source directory"));
}

TEST_F(StudioBuild, AKilledBuildLeavesNothingMountedAndNothingRunning) {
    plan("app", "do_build() { touch /src/app/started; sleep 1000; }\n");
    const auto mounts = mounts_below("/");
    Background running({program("bin/hab").string(), "pkg", "build", "app"},
                       {.cwd = dir_.path().string()});
    ASSERT_TRUE(eventually([&] { return fs::exists(dir_.path() / "app/started"); }))
        << running.output();
    const auto second = in_studio("app");
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, HasSubstr("another build uses the studio"));
    ASSERT_EQ(::kill(running.pid(), SIGKILL), 0);
    EXPECT_TRUE(eventually([] {
        return run({"sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q '[s]leep 1000'"})
                   .exit_code != 0;
    }));
    EXPECT_EQ(mounts_below("/"), mounts);
    plan("app", "");
    const auto again = in_studio("app");
    EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
}

TEST_F(StudioBuild, TermEndsWhatRunsInside) {
    plan("app", "do_build() { touch /src/app/started; sleep 2000; }\n");
    Background running({program("bin/hab").string(), "pkg", "build", "app"},
                       {.cwd = dir_.path().string()});
    ASSERT_TRUE(eventually([&] { return fs::exists(dir_.path() / "app/started"); }))
        << running.output();
    ASSERT_EQ(::kill(running.pid(), SIGTERM), 0);
    EXPECT_EQ(running.wait(), 1);
    EXPECT_THAT(running.output(), HasSubstr("the build was interrupted"));
    EXPECT_NE(run({"sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q '[s]leep 2000'"})
                  .exit_code,
              0);
    EXPECT_FALSE(fs::exists(results("last_build.env")) && last("pkg_name") == "app");
}

}  // namespace
}  // namespace hab::test
