// SPDX-License-Identifier: Apache-2.0
#include "build/package_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_dir.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

class PackageFiles : public ::testing::Test {
protected:
    /// An installed package with these metafiles.
    package::InstalledPackage installed(const std::string& ident,
                                        const std::map<std::string, std::string>& files) {
        const auto parsed = package::Ident::parse(ident);
        const fs::path dir = root_.path() / parsed.relative_path();
        make_directories(dir);
        for (const auto& [name, content] : files)
            package::write_metafile(dir, name, content);
        return {parsed, dir};
    }
    PackageFacts facts() {
        return {.plan = plan_,
                .deps = deps_,
                .ident = package::Ident::parse("acme/app/1.0/20260101000000"),
                .target = package::Target::parse("x86_64-linux"),
                .native = false,
                .has_run_script = false,
                .pkg_config_dirs = {},
                .default_toml = {},
                .plan_source = "pkg_name=app\n"};
    }
    void expect_error(const PackageFacts& facts, const std::string& text) {
        try {
            static_cast<void>(metafile_contents(facts));
            FAIL() << "no error: " << text;
        } catch (const BuildError& error) {
            EXPECT_EQ(error.exit_code(), 1);
            EXPECT_THAT(error.what(), HasSubstr(text));
            EXPECT_FALSE(error.hint().empty());
        }
    }
    TempDir root_;
    PlanValues plan_;
    Dependencies deps_;
};

TEST_F(PackageFiles, AnEmptyPlanHasOnlyItsIdentity) {
    EXPECT_THAT(
        metafile_contents(facts()),
        ElementsAre(Pair("IDENT", "acme/app/1.0/20260101000000"), Pair("TARGET", "x86_64-linux")));
}

TEST_F(PackageFiles, OwnDirectories) {
    plan_.set_list("pkg_bin_dirs", {"bin", "sbin"});
    plan_.set_list("pkg_lib_dirs", {"lib", "lib64"});
    plan_.set_list("pkg_include_dirs", {"include"});
    plan_.set_list("pkg_interpreters", {"bin/app"});
    PackageFacts given = facts();
    given.pkg_config_dirs = {"lib/pkgconfig"};
    const auto files = metafile_contents(given);
    const std::string p = "/hab/pkgs/acme/app/1.0/20260101000000";
    EXPECT_EQ(files.at("PATH"), p + "/bin:" + p + "/sbin");
    EXPECT_EQ(files.at("RUNTIME_PATH"), p + "/bin:" + p + "/sbin");
    EXPECT_EQ(files.at("RUNTIME_ENVIRONMENT"), "PATH=" + p + "/bin:" + p + "/sbin");
    EXPECT_EQ(files.at("LD_RUN_PATH"), p + "/lib:" + p + "/lib64");
    EXPECT_EQ(files.at("LDFLAGS"), "-L" + p + "/lib -L" + p + "/lib64");
    EXPECT_EQ(files.at("CFLAGS"), "-I" + p + "/include");
    EXPECT_EQ(files.at("CPPFLAGS"), "-I" + p + "/include");
    EXPECT_EQ(files.at("PKG_CONFIG_PATH"), p + "/lib/pkgconfig");
    EXPECT_EQ(files.at("INTERPRETERS"), p + "/bin/app");
}

TEST_F(PackageFiles, RuntimePathIsOwnThenDirectThenTransitive) {
    const std::string lib = "/hab/pkgs/core/lib/1/20250101000000";
    const std::string sub = "/hab/pkgs/core/sub/1/20250101000000";
    const auto direct = installed("core/lib/1/20250101000000", {{"PATH", lib + "/bin"}});
    const auto deep = installed("core/sub/1/20250101000000", {{"PATH", sub + "/bin:/usr/bin"}});
    deps_.run = {direct};
    deps_.run_all = {direct, deep};
    plan_.set_list("pkg_bin_dirs", {"bin"});
    const auto files = metafile_contents(facts());
    EXPECT_EQ(files.at("RUNTIME_PATH"),
              "/hab/pkgs/acme/app/1.0/20260101000000/bin:" + lib + "/bin:" + sub + "/bin");
    EXPECT_EQ(files.at("DEPS"), "core/lib/1/20250101000000");
    EXPECT_EQ(files.at("TDEPS"), "core/lib/1/20250101000000\ncore/sub/1/20250101000000");
}

TEST_F(PackageFiles, EnvironmentLinesAreSorted) {
    plan_.set_map("_hab_runtime_env", {{"ZED", "1"}, {"ABC", "x y"}});
    plan_.set_map("_hab_runtime_provenance", {{"ZED", "acme/app"}});
    const auto files = metafile_contents(facts());
    EXPECT_EQ(files.at("RUNTIME_ENVIRONMENT"), "ABC=x y\nZED=1");
    EXPECT_EQ(files.at("RUNTIME_ENVIRONMENT_PROVENANCE"), "ZED=acme/app");
}

TEST_F(PackageFiles, ServiceFiles) {
    plan_.set_text("pkg_svc_user", "root");
    plan_.set_text("pkg_svc_group", "www");
    EXPECT_THAT(metafile_contents(facts()), Not(Contains(Key("SVC_USER"))));
    plan_.set_map("pkg_exports", {{"port", "server.port"}, {"admin", "server.admin-port"}});
    plan_.set_list("pkg_exposes", {"port", "admin"});
    plan_.set_map("pkg_binds", {{"db", "port host"}});
    plan_.set_text("pkg_shutdown_signal", "QUIT");
    plan_.set_text("pkg_shutdown_timeout_sec", "30");
    plan_.set_text("pkg_svc_ready_fd", "3");
    plan_.set_map("pkg_svc_limits", {{"memory", "512M"}, {"cpu", "50%"}});
    PackageFacts given = facts();
    given.has_run_script = true;
    given.native = true;
    given.default_toml = "[server]\nport = 8080\n\"admin-port\" = \"9090\"\n";
    const auto files = metafile_contents(given);
    EXPECT_EQ(files.at("EXPORTS"), "admin=server.admin-port\nport=server.port");
    EXPECT_EQ(files.at("EXPOSES"), "8080 9090");
    EXPECT_EQ(files.at("BINDS"), "db=port host");
    EXPECT_EQ(files.at("SVC_USER"), "root");
    EXPECT_EQ(files.at("SVC_GROUP"), "www");
    EXPECT_EQ(files.at("SHUTDOWN_SIGNAL"), "QUIT");
    EXPECT_EQ(files.at("SHUTDOWN_TIMEOUT"), "30");
    EXPECT_EQ(files.at("SVC_READY_FD"), "3");
    EXPECT_EQ(files.at("SVC_LIMITS"), "cpu=50%\nmemory=512M");
    EXPECT_EQ(files.at("PACKAGE_TYPE"), "native");
}

TEST_F(PackageFiles, TellsHowTemplatesAreRendered) {
    EXPECT_THAT(metafile_contents(facts()), Not(Contains(Key("TEMPLATE_STRICT"))));
    plan_.set_text("pkg_template_engine", "mustache");
    plan_.set_text("pkg_template_strict", "true");
    const auto files = metafile_contents(facts());
    EXPECT_EQ(files.at("TEMPLATE_ENGINE"), "mustache");
    EXPECT_EQ(files.at("TEMPLATE_STRICT"), "true");
    plan_.set_text("pkg_template_strict", "false");
    EXPECT_THAT(metafile_contents(facts()), Not(Contains(Key("TEMPLATE_STRICT"))));
    plan_.set_text("pkg_template_strict", "yes");
    expect_error(facts(), "pkg_template_strict 'yes' is neither true nor false");
}

TEST_F(PackageFiles, RefusesExposesWithoutPort) {
    plan_.set_list("pkg_exposes", {"port"});
    expect_error(facts(), "pkg_exposes names 'port', which is not in pkg_exports");
    plan_.set_map("pkg_exports", {{"port", "server.port"}});
    expect_error(facts(), "pkg_exposes needs 'server.port' in default.toml");
    PackageFacts given = facts();
    for (const char* bad : {"0", "65536", "\"http\"", "true"}) {
        given.default_toml = std::string("server.port = ") + bad + "\n";
        expect_error(given, "is not a port (1 to 65535)");
    }
}

TEST_F(PackageFiles, RefusesBadShutdownSettings) {
    plan_.set_text("pkg_shutdown_signal", "SIGTERM");
    expect_error(facts(), "pkg_shutdown_signal 'SIGTERM' is not a signal");
    plan_.set_text("pkg_shutdown_signal", "");
    plan_.set_text("pkg_shutdown_timeout_sec", "4294967296");
    expect_error(facts(), "is not a number of seconds");
    plan_.set_text("pkg_shutdown_timeout_sec", "");
    plan_.set_text("pkg_svc_ready_fd", "2");
    expect_error(facts(), "pkg_svc_ready_fd '2' is not a descriptor from 3 to 1000");
    plan_.set_text("pkg_svc_ready_fd", "");
    plan_.set_map("pkg_svc_limits", {{"memory", "much"}});
    expect_error(facts(), "pkg_svc_limits: 'much' is no limit of memory");
    plan_.set_map("pkg_svc_limits", {{"ram", "1G"}});
    expect_error(facts(), "pkg_svc_limits: there is no limit 'ram'");
}

TEST_F(PackageFiles, Manifest) {
    plan_.set_text("pkg_description", "An app");
    plan_.set_text("pkg_maintainer", "Me <me@example.com>");
    plan_.set_list("pkg_license", {"MIT", "BSD"});
    plan_.set_list("pkg_deps", {"core/bash", "core/glibc"});
    plan_.set_text("CFLAGS", "-I/x");
    const std::string text = manifest_text(facts());
    EXPECT_THAT(text, HasSubstr("# acme / app\n\nAn app\n\n"));
    EXPECT_THAT(text, HasSubstr("* __License__: MIT BSD\n"));
    EXPECT_THAT(text, HasSubstr("* __Dependencies__: `core/bash` `core/glibc` \n"));
    EXPECT_THAT(text, HasSubstr("* __Path__: `/hab/pkgs/acme/app/1.0/20260101000000`\n"));
    EXPECT_THAT(text, HasSubstr("CFLAGS: -I/x\nno CPPFLAGS\n"));
    EXPECT_THAT(text, HasSubstr("## Plan Source\n\n```bash\npkg_name=app\n```\n"));
}

}  // namespace
}  // namespace hab::build
