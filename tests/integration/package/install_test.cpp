// SPDX-License-Identifier: Apache-2.0
// hab pkg install: hooks, options, several processes at once.
#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>

#include "integration/package/package_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Install : public PackageWorld {};

TEST_F(Install, HookRunsWithRenderedTemplatesAndOnlyUntilItSucceeds) {
    const fs::path lib =
        make(lib_, {},
             {{"default.toml", "word = \"hi\"\n"},
              {"config_install/set.conf", "{{cfg.word}} {{pkg.name}}\n"},
              {"SVC_USER", "hab\n"},
              {"SVC_GROUP", "hab\n"},
              {"hooks/install",
               "#!/bin/sh\n"
               "echo \"{{pkg.ident}} $(cat {{pkg.svc_path}}/config_install/set.conf) $(id -un) "
               "$HAB_AUTH_TOKEN\"\n"
               "echo oops >&2\n"
               "echo once >> {{pkg.svc_data_path}}/ran\n"}});
    const RunOptions token{.env = {{"HAB_AUTH_TOKEN", "secret-token"}}};
    const RunResult first = hab({"pkg", "install", lib.string()}, token);
    ASSERT_EQ(first.exit_code, 0) << first.err;
    EXPECT_THAT(first.out, HasSubstr("lib hook[install]: " + lib_ + " hi lib hab secret-token\n"));
    EXPECT_THAT(first.err, HasSubstr("lib hook[install]: oops"));
    EXPECT_EQ(text_of(dir_of(lib_) / "INSTALL_HOOK_STATUS"), "0");
    EXPECT_EQ(text_of("/hab/svc/lib/logs/install.stderr.log"), "oops\n");
    EXPECT_EQ(hab({"pkg", "install", lib.string()}).exit_code, 0);
    EXPECT_EQ(text_of("/hab/svc/lib/data/ran"), "once\n");
}

TEST_F(Install, FailedHookGivesItsExitCodeAndRunsAgain) {
    make(lib_, {}, {{"hooks/install", "#!/bin/sh\ntest -e /hab/mended || exit 41\n"}});
    const fs::path app =
        make(app_, {lib_}, {{"hooks/install", "#!/bin/sh\necho app > /hab/app-ran\n"}});
    const RunResult failed = hab({"pkg", "install", app.string()});
    EXPECT_EQ(failed.exit_code, 41);
    EXPECT_THAT(failed.err,
                HasSubstr("the install hook of '" + lib_ + "' ended with exit code 41"));
    EXPECT_EQ(text_of(dir_of(lib_) / "INSTALL_HOOK_STATUS"), "41");
    EXPECT_EQ(text_of("/hab/app-ran"), "none") << "it needs a package that is not ready";
    write_file_atomic("/hab/mended", "");
    const RunResult again = hab({"pkg", "install", "acme/app"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(text_of(dir_of(lib_) / "INSTALL_HOOK_STATUS"), "0");
    EXPECT_EQ(text_of("/hab/app-ran"), "app\n");
}

TEST_F(Install, HooksThatCannotRun) {
    const fs::path no_interpreter = make(lib_, {}, {{"hooks/install", "#!/no/such/program\n"}});
    const RunResult first = hab({"pkg", "install", no_interpreter.string()});
    EXPECT_EQ(first.exit_code, 1);
    EXPECT_THAT(first.err, HasSubstr("cannot run the install hook of '" + lib_ + "'"));
    const fs::path bad_template = make(app_, {}, {{"hooks/install", "#!/bin/sh\n{{#if}}\n"}});
    const RunResult second = hab({"pkg", "install", bad_template.string()});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, HasSubstr("hooks/install:2:"));
    write_file_atomic(dir_of(app_) / "INSTALL_HOOK_STATUS", "maybe");
    const RunResult third = hab({"pkg", "install", "acme/app"});
    EXPECT_EQ(third.exit_code, 1);
    EXPECT_THAT(third.err, HasSubstr("holds no exit code"));
    EXPECT_EQ(hab({"pkg", "install", "--ignore-install-hook", "acme/app"}).exit_code, 0);
}

TEST_F(Install, HookMayCallHab) {
    make(lib_);
    const fs::path app = make(
        app_, {},
        {{"hooks/install", fmt::format("#!/bin/sh\n{} pkg install {}/acme-lib-1.0-20260101000000-"
                                       "{}.hart\n",
                                       program("bin/hab").string(), work_.string(),
                                       package::Target::active().name())}});
    EXPECT_EQ(hab({"pkg", "install", app.string()}).exit_code, 0);
    EXPECT_TRUE(fs::exists(dir_of(lib_)));
}

TEST_F(Install, LinksProgramsOnRequest) {
    const fs::path lib = make(lib_);
    const std::string target = "/hab/pkgs/" + lib_ + "/bin/lib";
    ASSERT_EQ(
        hab({"pkg", "install", lib.string()}, {.env = {{"HAB_BINLINK_DIR", "/hab/env"}}}).exit_code,
        0);
    EXPECT_FALSE(fs::exists("/hab/env")) << "the variable alone asks for no links";
    ASSERT_EQ(hab({"pkg", "install", lib.string(), "--binlink-dir", "/hab/links"}).exit_code, 0);
    EXPECT_EQ(fs::read_symlink("/hab/links/lib"), target);
    fs::remove("/hab/links/lib");
    fs::create_symlink("/elsewhere", "/hab/links/lib");
    const RunOptions env{.env = {{"HAB_BINLINK_DIR", "/hab/links"}}};
    const RunResult kept = hab({"pkg", "install", "-b", "acme/lib"}, env);
    EXPECT_EQ(kept.exit_code, 0);
    EXPECT_THAT(kept.err, HasSubstr("was left alone"));
    EXPECT_EQ(hab({"pkg", "install", "-b", "-f", "acme/lib"}, env).exit_code, 0);
    EXPECT_EQ(fs::read_symlink("/hab/links/lib"), target);
}

TEST_F(Install, OfflineTakesTheArtifactCacheAndSaysWhatItLacks) {
    const std::string newer = "acme/lib/1.1/20260101000000";
    ASSERT_EQ(hab({"pkg", "install", make(lib_).string()}).exit_code, 0);
    fs::create_directories("/hab/cache/artifacts");
    const fs::path hart = make(newer);
    fs::rename(hart, "/hab/cache/artifacts" / hart.filename());
    const RunResult none = hab({"pkg", "install", "--offline", "acme/none"});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("'acme/none' is neither installed nor found in the directory "
                                    "'/hab/cache/artifacts'"));
    EXPECT_THAT(none.err, HasSubstr("without --offline"));
    fs::rename("/hab/cache/keys", "/hab/cache/away");
    const RunResult no_key = hab({"pkg", "install", "--offline", "acme/lib"});
    EXPECT_EQ(no_key.exit_code, 1);
    EXPECT_THAT(no_key.err,
                HasSubstr("offline: the public key '" + pair_.secret_key.name().to_string()));
    fs::rename("/hab/cache/away", "/hab/cache/keys");
    ASSERT_EQ(hab({"pkg", "install", "--offline", "acme/lib"}).exit_code, 0);
    EXPECT_TRUE(fs::exists(dir_of(newer)));
}

TEST_F(Install, LocalPackageMayBeIgnored) {
    ASSERT_EQ(hab({"pkg", "install", make(lib_).string()}).exit_code, 0);
    fs::remove_all("/hab/cache/artifacts");
    EXPECT_EQ(hab({"pkg", "install", "acme/lib"}).exit_code, 0);
    const RunResult ignored = hab({"pkg", "install", "--ignore-local", "acme/lib"});
    EXPECT_EQ(ignored.exit_code, 1);
    EXPECT_THAT(ignored.err, HasSubstr("what is installed was not to be looked at"));
}

TEST_F(Install, SeveralInOrderAndTheFirstErrorStops) {
    const fs::path lib = make(lib_);
    const fs::path app = make(app_);
    const RunResult result = hab({"pkg", "install", lib.string(), "acme/none", app.string()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(fs::exists(dir_of(lib_)));
    EXPECT_FALSE(fs::exists(dir_of(app_)));
}

TEST_F(Install, TenAtOnceWithOverlappingClosures) {
    std::vector<std::string> bases;
    for (int i = 0; i < 10; ++i) {
        bases.push_back(fmt::format("acme/base{}/1/20260101000000", i));
        make(bases.back(), {},
             {{"hooks/install", fmt::format("#!/bin/sh\necho {} >> /hab/ran\n", i)}});
    }
    std::vector<fs::path> harts;
    for (std::size_t i = 0; i < 10; ++i) {
        harts.push_back(
            make(fmt::format("acme/top{}/1/20260101000000", i),
                 {bases[i], bases[(i + 1) % 10], bases[(i + 2) % 10], bases[(i + 3) % 10]}));
    }
    std::vector<std::unique_ptr<Background>> running;
    for (const fs::path& hart : harts) {
        running.push_back(std::make_unique<Background>(std::vector<std::string>{
            program("bin/hab").string(), "pkg", "install", hart.string()}));
    }
    for (const auto& each : running)
        EXPECT_EQ(each->wait(std::chrono::seconds(240)), 0) << each->output();
    const std::string list = hab({"pkg", "list", "--all"}).out;
    EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 20);
    const std::string ran = text_of("/hab/ran");
    EXPECT_EQ(std::count(ran.begin(), ran.end(), '\n'), 10) << "each hook once: " << ran;
    for (const auto& entry : fs::recursive_directory_iterator("/hab/pkgs"))
        EXPECT_FALSE(entry.path().filename().string().starts_with('.')) << entry.path();
}

}  // namespace
}  // namespace hab::test
