// SPDX-License-Identifier: Apache-2.0
// Native builds that succeed: phases, metafiles, results, reproducibility.
#include <ctime>

#include "base/strings.hpp"
#include "build_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(BuildWorld, PhasesRunInOrderAndInTheirDirectories) {
    std::string text =
        "pkg_source=file://$PLAN_CONTEXT/src-1.tar.gz\n"
        "do_default_verify() { return 0; }\n";
    for (const char* phase : {"begin", "setup_environment", "before", "download", "verify", "clean",
                              "unpack", "prepare", "build", "check", "install", "build_config",
                              "build_service", "strip", "after", "end", "after_success"}) {
        const std::string name = phase;
        text += "do_" + name + "() { echo \"phase " + name + " in $PWD\"; cd /; ";
        text += name == "download" || name == "clean" ? "do_default_" + name + "; }\n"
                                                      : "return 0; }\n";
    }
    plan("app", text);
    file("app/src-1.tar.gz", "not unpacked");
    const std::string context = (dir_.path() / "app").string();
    // The second build finds the source in the cache; directories must be the same.
    for (int round = 0; round < 2; ++round) {
        const auto built = build("app", {{"DO_CHECK", "1"}});
        ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
        std::string phases;
        std::size_t at = 0;
        while ((at = built.out.find("phase ", at)) != std::string::npos) {
            const std::size_t end = built.out.find('\n', at);
            phases += built.out.substr(at + 6, end - at - 6) + "\n";
            at = end;
        }
        const std::string p = " in " + context + "\n";
        const std::string s = " in /hab/cache/src/app-1.0\n";
        EXPECT_EQ(phases, "begin" + p + "setup_environment" + p + "before" + p + "download" + p +
                              "verify" + p + "clean" + p + "unpack" + p + "prepare" + s + "build" +
                              s + "check" + s + "install" + s + "build_config" + p +
                              "build_service" + p + "strip" + p + "after" + p + "end" + p +
                              "after_success" + p);
    }
}

TEST_F(BuildWorld, WhatAPlanSaysOfItsServiceIsInThePackage) {
    plan("app",
         "pkg_svc_run='bin/app'\npkg_shutdown_signal=QUIT\npkg_shutdown_timeout_sec=30\n"
         "pkg_svc_ready_fd=3\npkg_svc_limits=([memory]=64M [open_files]=200)\n"
         "pkg_template_engine=mustache\npkg_template_strict=true\n"
         "pkg_exports=([port]=server.port)\npkg_exposes=(port)\n"
         "pkg_binds=([db]=\"port host\")\npkg_binds_optional=([log]=port)\n");
    file("app/default.toml", "server.port = 80\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    const std::pair<const char*, const char*> expected[] = {
        {"SHUTDOWN_SIGNAL", "QUIT"},
        {"SHUTDOWN_TIMEOUT", "30"},
        {"SVC_READY_FD", "3"},
        {"SVC_LIMITS", "memory=64M\nopen_files=200"},
        {"TEMPLATE_ENGINE", "mustache"},
        {"TEMPLATE_STRICT", "true"},
        {"EXPORTS", "port=server.port"},
        {"EXPOSES", "80"},
        {"BINDS", "db=port host"},
        {"BINDS_OPTIONAL", "log=port"},
        {"SVC_USER", "hab"},
    };
    for (const auto& [name, text] : expected)
        EXPECT_EQ(trim(meta(name)), text) << name;
}

TEST_F(BuildWorld, SourceCacheIsLockedForTheWholeBuild) {
    // Nothing is fetched: what is used is there already, and a collection must leave it.
    plan("app",
         "pkg_source=file:///nowhere/src-1.tar.gz\ndo_download() { return 0; }\n"
         "do_verify() { return 0; }\ndo_unpack() { return 0; }\n"
         "do_prepare() { ! flock --nonblock --exclusive /hab/cache/src true; }\n"
         "do_after() { ! flock --nonblock --exclusive /hab/cache/src true; }\n");
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(run({"flock", "--nonblock", "--exclusive", "/hab/cache/src", "true"}).exit_code, 0);
}

TEST_F(BuildWorld, MakesASignedPackageThatIsInstalledAndReported) {
    file("app/default.toml", "[server]\nport = 8080\n");
    file("app/hooks/run.sh", "#!/bin/sh\nexec app\n");
    file("app/hooks/health-check", "#!/bin/sh\n", 0755);
    file("app/config/app.conf", "port={{cfg.server.port}}\n");
    file("app/config/sub/x.conf", "x\n");
    file("app/config/app.conf.bak", "old\n");
    file("app/config/.app.conf.swp", "editor\n");
    plan("app",
         "pkg_license=(MIT)\npkg_bin_dirs=(bin)\npkg_svc_user=root\n"
         "pkg_exports=([port]=server.port)\npkg_exposes=(port)\n"
         "pkg_svc_run='app --never'\npkg_description=\"config is in $pkg_svc_config_path\"\n"
         "do_install() { echo '#!/bin/sh' > \"$pkg_prefix/bin/app\"; chmod 755 "
         "\"$pkg_prefix/bin/app\"; }\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_THAT(last("pkg_ident"), MatchesRegex("acme/app/1\\.0/[0-9]{14}"));
    EXPECT_EQ(last("pkg_target"), "x86_64-linux");
    EXPECT_EQ(last("pkg_artifact"), "acme-app-1.0-" + last("pkg_release") + "-x86_64-linux.hart");
    EXPECT_FALSE(fs::exists(results("pre_build.env")));
    EXPECT_EQ(hab({"pkg", "verify", results(last("pkg_artifact")).string()}).exit_code, 0);
    EXPECT_TRUE(fs::exists("/hab/cache/artifacts/" + last("pkg_artifact")));
    EXPECT_THAT(hab({"pkg", "hash", results(last("pkg_artifact")).string()}).out,
                StartsWith(last("pkg_blake2bsum")));

    EXPECT_EQ(meta("TARGET"), "x86_64-linux\n");
    EXPECT_EQ(meta("IDENT"), last("pkg_ident") + "\n");
    EXPECT_EQ(meta("PACKAGE_TYPE"), "native\n");
    EXPECT_EQ(meta("EXPOSES"), "8080\n");
    EXPECT_EQ(meta("SVC_USER"), "root\n");
    EXPECT_EQ(meta("SVC_GROUP"), "root\n");
    EXPECT_EQ(meta("PATH"), prefix().string() + "/bin\n");
    EXPECT_THAT(meta("MANIFEST"), HasSubstr("config is in /hab/svc/app/config"));
    EXPECT_THAT(meta("FILES"), StartsWith("HART-1\nacme-"));
    EXPECT_THAT(meta("FILES"), HasSubstr("  " + prefix().string() + "/TARGET\n"));
    EXPECT_THAT(meta("FILES"), Not(HasSubstr("/MANIFEST\n")));
    EXPECT_EQ(meta("hooks/run"), "#!/bin/sh\nexec app\n");
    EXPECT_EQ(meta("hooks/health-check"), "#!/bin/sh\n");
    EXPECT_EQ(meta("run"), "absent");
    EXPECT_EQ(meta("config/app.conf"), "port={{cfg.server.port}}\n");
    EXPECT_EQ(meta("config/sub/x.conf"), "x\n");
    EXPECT_EQ(meta("config/app.conf.bak"), "absent");
    EXPECT_EQ(meta("config/.app.conf.swp"), "absent");
    EXPECT_EQ(meta("default.toml"), "[server]\nport = 8080\n");
}

TEST_F(BuildWorld, RunScriptDropsPrivilegesOnlyWhereItCan) {
    plan("app", "pkg_svc_run=\"app -c $pkg_svc_config_path/app.conf\"\n");
    ASSERT_EQ(build("app").exit_code, 0);
    EXPECT_THAT(meta("run"), HasSubstr("  exec app -c /hab/svc/app/config/app.conf 2>&1\n"));
    EXPECT_THAT(meta("run"), HasSubstr("command -v chpst"));
    EXPECT_EQ(meta("SVC_USER"), "hab\n");
}

TEST_F(BuildWorld, TheLogHasWhatThePlanPrinted) {
    plan("app", "do_prepare() { echo to stdout; echo to stderr >&2; }\n");
    ASSERT_EQ(build("app").exit_code, 0);
    std::vector<std::string> logs;
    for (const auto& entry : fs::directory_iterator(results("logs")))
        logs.push_back(entry.path().string());
    ASSERT_EQ(logs.size(), 1u);
    EXPECT_THAT(logs[0], MatchesRegex(".*/app\\.[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6}\\.log"));
    EXPECT_THAT(read_file(logs[0]), HasSubstr("to stdout\nto stderr\n"));
}

TEST_F(BuildWorld, TheSameInputsGiveTheSameBytes) {
    plan("app",
         "pkg_bin_dirs=(bin)\npkg_binds=([a]=x [b]=y [c]=z)\n"
         "do_setup_environment() { set_runtime_env ONE 1; set_runtime_env TWO 2; }\n"
         "do_install() { touch \"$pkg_prefix/bin/z\" \"$pkg_prefix/bin/a\"; }\n");
    const std::map<std::string, std::string> env{{"SOURCE_DATE_EPOCH", "1700000000"}};
    ASSERT_EQ(build("app", env).exit_code, 0);
    EXPECT_EQ(last("pkg_release"), "20231114221320");
    const std::string first = read_file(results(last("pkg_artifact")));
    const auto then = ::time(nullptr);
    ASSERT_TRUE(eventually([&] { return ::time(nullptr) != then; }));
    const auto again = build("app", env);
    ASSERT_EQ(again.exit_code, 0) << again.out << again.err;
    EXPECT_THAT(again.out, HasSubstr("Replacing what is in /hab/pkgs/acme/app/1.0/20231114221320"));
    EXPECT_TRUE(first == read_file(results(last("pkg_artifact"))));
}

TEST_F(BuildWorld, VersionAndDateMayComeFromThePlan) {
    file("app/plan.sh",
         "pkg_name=app\npkg_origin=acme\npkg_version() { cat \"$PLAN_CONTEXT/VERSION\"; }\n"
         "pkg_bin_dirs=(bin)\n"
         "do_before() { set_source_date 1600000000; update_pkg_version; }\n"
         "do_build() { [[ $PATH == $pkg_prefix/bin:* ]]; }\n"
         "do_install() { [[ $pkg_prefix == */app/2.5/20200913122640 ]]; }\n"
         "do_setup_environment() { push_runtime_env PYTHONPATH $pkg_prefix/lib; }\n");
    file("app/VERSION", "2.5\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(last("pkg_ident"), "acme/app/2.5/20200913122640");
    EXPECT_THAT(meta("RUNTIME_ENVIRONMENT"),
                HasSubstr("PYTHONPATH=/hab/pkgs/acme/app/2.5/20200913122640/lib\n"));
}

TEST_F(BuildWorld, DependenciesGiveTheirEnvironment) {
    plan("lib",
         "pkg_lib_dirs=(lib)\npkg_include_dirs=(include)\npkg_bin_dirs=(bin)\n"
         "do_setup_environment() { push_runtime_env PYTHONPATH /lib/py; set_runtime_env LIB_HOME "
         "/l; }\n"
         "do_install() { printf '#!/bin/sh\\necho lib tool\\n' > $pkg_prefix/bin/lib-tool; chmod "
         "755 $pkg_prefix/bin/lib-tool; }\n");
    ASSERT_EQ(build("lib").exit_code, 0);
    const std::string lib = last("pkg_ident");
    plan("app",
         "pkg_deps=(acme/lib)\npkg_lib_dirs=(lib)\n"
         "do_build() {\n  [[ $(lib-tool) == 'lib tool' && $(pkg_path_for lib) == /hab/pkgs/" +
             lib + " ]]\n  [[ $CFLAGS == *-I/hab/pkgs/" + lib + "/include* ]]\n" +
             "  [[ $LD_RUN_PATH == $pkg_prefix/lib:/hab/pkgs/" + lib +
             "/lib && $PYTHONPATH == /lib/py && $LIB_HOME == /l ]]\n" +
             "  [[ ${pkg_deps_resolved[*]} == /hab/pkgs/" + lib + " ]]\n}\n");
    const auto built = build("app", {{"PYTHONPATH", ""}});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("DEPS"), lib + "\n");
    EXPECT_EQ(meta("TDEPS"), lib + "\n");
    EXPECT_EQ(meta("RUNTIME_PATH"), "/hab/pkgs/" + lib + "/bin\n");
    EXPECT_EQ(meta("RUNTIME_ENVIRONMENT"),
              "LIB_HOME=/l\nPATH=/hab/pkgs/" + lib + "/bin\nPYTHONPATH=/lib/py\n");
    EXPECT_THAT(meta("RUNTIME_ENVIRONMENT_PROVENANCE"), HasSubstr("LIB_HOME=" + lib));
    EXPECT_EQ(meta("LDFLAGS"), "-L" + prefix().string() + "/lib\n");
}

TEST_F(BuildWorld, DependenciesAreInstalledFromTheArtifactCache) {
    plan("lib", "");
    ASSERT_EQ(build("lib").exit_code, 0);
    fs::remove_all("/hab/pkgs/acme/lib");
    plan("app", "pkg_deps=(acme/lib)\n");
    const auto without = build("app", {{"NO_INSTALL_DEPS", "1"}});
    EXPECT_EQ(without.exit_code, 1);
    EXPECT_THAT(without.err, HasSubstr("cannot resolve the dependency 'acme/lib'"));
    const auto built = build("app");
    EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_THAT(built.out, HasSubstr("Installed acme/lib/1.0/"));
}

TEST_F(BuildWorld, ScaffoldingAddsPhasesAndDependencies) {
    plan("tool", "");
    ASSERT_EQ(build("tool").exit_code, 0);
    const std::string tool = last("pkg_ident");
    file("frame/lib/scaffolding.sh",
         "scaffolding_load() { pkg_bin_dirs=(bin sbin); echo \"for ${scaffolding_what}\"; }\n"
         "do_default_install() { echo scaffolded > \"$pkg_prefix/made-by\"; }\n");
    plan("frame",
         "pkg_deps=(acme/tool)\ndo_install() { mkdir $pkg_prefix/lib; cp "
         "$PLAN_CONTEXT/lib/scaffolding.sh $pkg_prefix/lib; }\n");
    ASSERT_EQ(build("frame").exit_code, 0);
    const std::string frame = last("pkg_ident");
    plan("app",
         "pkg_scaffolding=acme/frame\nscaffolding_what=apps\ndo_install() { do_default_install; "
         "}\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_THAT(built.out, HasSubstr("for apps\n"));
    EXPECT_EQ(meta("made-by"), "scaffolded\n");
    EXPECT_EQ(meta("BUILD_DEPS"), frame + "\n" + tool + "\n");
    EXPECT_TRUE(fs::is_directory(prefix() / "sbin"));
}

TEST_F(BuildWorld, SourcesAreDownloadedVerifiedAndUnpacked) {
    file("up/app-1.0/file", "content\n");
    ASSERT_EQ(run({"tar", "-czf", "app.tgz", "-C", "up", "app-1.0"}, {.cwd = dir_.path().string()})
                  .exit_code,
              0);
    const std::string sum =
        run({"sha256sum", "app.tgz"}, {.cwd = dir_.path().string()}).out.substr(0, 64);
    const std::string source =
        "pkg_source=file://" + dir_.path().string() + "/app.tgz\npkg_shasum=";
    plan("app", source + sum + "\ndo_install() { cp file $pkg_prefix/; }\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("file"), "content\n");
    plan("app", source + std::string(64, '0') + "\n");
    const auto refused = build("app");
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("has the SHA-256 " + sum + ", not 0000"));
    EXPECT_FALSE(fs::exists("/hab/cache/src/app.tgz"));
}

TEST_F(BuildWorld, ALocalPlanKeepsItsSourceDirectory) {
    file("app/ltmain.sh", "eval sys_lib_search_path=x\n");
    file("app/data", "local\n");
    file("app/habitat/plan.sh",
         "pkg_name=app\npkg_origin=acme\npkg_version=1\ndo_build() { return 0; }\n"
         "do_install() { cp data \"$pkg_prefix\"; }\n");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("data"), "local\n");
    EXPECT_EQ(read_file(dir_.path() / "app/ltmain.sh"), "eval sys_lib_search_path=x\n");
}

}  // namespace
}  // namespace hab::test
