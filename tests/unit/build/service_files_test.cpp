// SPDX-License-Identifier: Apache-2.0
// Configuration and hooks on their way into a package, with plans that try to lead them elsewhere.
#include "build/service_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_dir.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

class ServiceFiles : public ::testing::Test {
protected:
    ServiceFiles() {
        make_directories(source_ / "plan");
        make_directories(prefix_);
    }
    void file(const std::string& name, const std::string& text, mode_t mode = 0644) {
        make_directories((source_ / "plan" / name).parent_path());
        write_file_atomic(source_ / "plan" / name, text, {.mode = mode});
    }
    void install(bool confined = true, const std::string& exclude = {}) {
        install_config({SourceTree(source_, confined), "plan"}, TreeDir(prefix_), exclude);
    }
    std::string installed(const std::string& name) {
        return read_file_if_exists(prefix_ / name).value_or("absent");
    }
    std::string failure() {
        try {
            install();
        } catch (const Error& error) {
            return error.message();
        }
        return "none";
    }
    TempDir temp_;
    fs::path source_ = temp_.path() / "source";
    fs::path prefix_ = temp_.path() / "prefix";
};

TEST_F(ServiceFiles, TreesAreCopiedWithoutEditorsLeavings) {
    file("config/a.conf", "a", 0640);
    file("config/sub/b", "b", 0777);
    file("config/.hidden", "h");
    for (const char* name : {"config/a.conf~", "config/sub/b.bak", "config/.a.swp"})
        file(name, "old");
    fs::create_symlink("a.conf", source_ / "plan/config/link");
    file("config_install/c", "c");
    file("default.toml", "x = 1\n");
    file("config.schema.toml", "");
    install();
    EXPECT_EQ(installed("config/a.conf"), "a");
    EXPECT_EQ(installed("config/sub/b"), "b");
    EXPECT_EQ(installed("config/.hidden"), "h");
    EXPECT_EQ(installed("config_install/c"), "c");
    EXPECT_EQ(installed("default.toml"), "x = 1\n");
    EXPECT_EQ(installed("config.schema.toml"), "");
    EXPECT_EQ(read_link(prefix_ / "config/link"), fs::path("a.conf"));
    EXPECT_EQ(fs::status(prefix_ / "config/a.conf").permissions(), fs::perms(0640));
    EXPECT_EQ(fs::status(prefix_ / "config/sub/b").permissions(), fs::perms(0755));
    EXPECT_EQ(fs::status(prefix_ / "config").permissions(), fs::perms(0755));
    for (const char* name : {"config/a.conf~", "config/sub/b.bak", "config/.a.swp"})
        EXPECT_EQ(installed(name), "absent") << name;
}

TEST_F(ServiceFiles, TheListOfExclusionsCanBeReplaced) {
    file("config/a.conf", "a");
    file("config/a.bak", "kept");
    file("config/a.tmp", "t");
    install(true, "*.tmp,other");
    EXPECT_EQ(installed("config/a.bak"), "kept");
    EXPECT_EQ(installed("config/a.tmp"), "absent");
}

TEST_F(ServiceFiles, HooksLoseTheirExtension) {
    file("hooks/run.sh", "run", 0755);
    file("hooks/health-check", "health");
    file("hooks/run~", "old");
    install();
    EXPECT_EQ(installed("hooks/run"), "run");
    EXPECT_EQ(fs::status(prefix_ / "hooks/run").permissions(), fs::perms(0755));
    EXPECT_EQ(installed("hooks/health-check"), "health");
    EXPECT_EQ(installed("hooks/run~"), "absent");
    file("hooks/run", "another");
    EXPECT_THAT(failure(), HasSubstr("more than one file for the hook 'run'"));
}

TEST_F(ServiceFiles, LinksInTheSourceDirectoryAreFollowedButNotOutOfIt) {
    make_directories(source_ / "common");
    write_file_atomic(source_ / "common/run", "shared");
    make_directories(source_ / "plan/hooks");
    fs::create_symlink("../../common/run", source_ / "plan/hooks/run");
    install();
    EXPECT_EQ(installed("hooks/run"), "shared");
    write_file_atomic(temp_.path() / "secret", "key");
    fs::create_symlink(temp_.path() / "secret", source_ / "plan/default.toml");
    EXPECT_THAT(failure(), HasSubstr("a link leads out of the source directory"));
    fs::remove(source_ / "plan/default.toml");
    fs::create_symlink("../../../secret", source_ / "plan/hooks/init");
    EXPECT_THAT(failure(), HasSubstr("a link leads out of the source directory"));
    // On this machine as it is, the caller's own links are the caller's business.
    install(false);
    EXPECT_EQ(installed("hooks/init"), "key");
}

TEST_F(ServiceFiles, LinksInThePackageAreReplacedAndNotFollowed) {
    make_directories(temp_.path() / "victim");
    write_file_atomic(temp_.path() / "victim/run", "untouched");
    fs::create_symlink(temp_.path() / "victim", prefix_ / "hooks");
    fs::create_symlink(temp_.path() / "victim/run", prefix_ / "default.toml");
    file("hooks/run", "new");
    file("default.toml", "new");
    install();
    EXPECT_EQ(read_file(temp_.path() / "victim/run"), "untouched");
    EXPECT_FALSE(fs::is_symlink(prefix_ / "hooks"));
    EXPECT_EQ(installed("hooks/run"), "new");
    EXPECT_EQ(installed("default.toml"), "new");
}

TEST_F(ServiceFiles, CrInAHookIsRefused) {
    const PlanFiles plan{SourceTree(source_, true), "plan"};
    check_hook_lines(plan);  // no hooks at all
    file("hooks/run", "#!/bin/sh\r\n");
    try {
        check_hook_lines(plan);
        FAIL() << "no error";
    } catch (const BuildError& error) {
        EXPECT_EQ(error.exit_code(), 1);
        EXPECT_THAT(error.message(), HasSubstr("has CRLF line ends"));
    }
}

TEST_F(ServiceFiles, ARunScriptIsMadeUnlessThereIsAHook) {
    PlanValues plan;
    install_run_script(plan, TreeDir(prefix_));
    EXPECT_EQ(installed("run"), "absent");
    plan.set_text("pkg_svc_run", "app -c /hab/svc/app/config/x");
    plan.set_text("pkg_svc_user", "web");
    plan.set_text("pkg_svc_group", "www");
    plan.set_text("pkg_svc_path", "/hab/svc/app");
    plan.set_text("pkg_svc_data_path", "/hab/svc/app/data");
    install_run_script(plan, TreeDir(prefix_));
    EXPECT_EQ(installed("run"), R"sh(#!/bin/sh
export HOME="/hab/svc/app/data"
cd "/hab/svc/app"

if [ "$(id -u)" = 0 ] && command -v chpst >/dev/null 2>&1; then
  exec chpst \
    -U web:www \
    -u web:www \
    app -c /hab/svc/app/config/x 2>&1
else
  exec app -c /hab/svc/app/config/x 2>&1
fi
)sh");
    EXPECT_FALSE(fs::exists(prefix_ / "hooks"));
    fs::remove(prefix_ / "run");
    make_directories(prefix_ / "hooks");
    write_file_atomic(prefix_ / "hooks/run", "");
    install_run_script(plan, TreeDir(prefix_));
    EXPECT_EQ(installed("run"), "absent");
}

}  // namespace
}  // namespace hab::build
