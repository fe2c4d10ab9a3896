// SPDX-License-Identifier: Apache-2.0
// tests/plans: plans that use what plans of the wild use, each built twice.
#include "base/strings.hpp"
#include "build_world.hpp"

namespace hab::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class OwnPlans : public BuildWorld {
protected:
    void SetUp() override {
        BuildWorld::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        HAB_REQUIRE(run({"sh", "-c", "command -v make && command -v git"}).exit_code == 0,
                    "the plans of tests/plans call make and git");
        fs::copy(source_dir() / "tests/plans", dir_.path(), fs::copy_options::recursive);
        const auto made = run(
            {"sh", "-ec",
             "cd sources && tar -czf stock-1.0.tar.gz stock-1.0 && git init -q -b main "
             "repository.git "
             "&& cd repository.git && echo content >file && git add file && git -c user.name=t -c "
             "user.email=t commit -qm one && git tag v1.0"},
            {.env = git_, .cwd = dir_.path().string()});
        ASSERT_EQ(made.exit_code, 0) << made.err;
    }
    /// Builds a plan of tests/plans; `check` sees the package.
    void expect_built(const std::string& name, std::map<std::string, std::string> env = {}) {
        env.merge(std::map<std::string, std::string>(git_));
        const auto built = build(name, std::move(env));
        ASSERT_EQ(built.exit_code, 0) << name << "\n" << built.out << built.err;
        out_ = built.out;
    }
    std::map<std::string, std::string> git_{{"GIT_CONFIG_GLOBAL", "/dev/null"},
                                            {"GIT_CONFIG_SYSTEM", "/dev/null"}};
    std::string out_;
};

TEST_F(OwnPlans, OfSourcesAndOtherPlans) {
    expect_built("stock", {{"DO_CHECK", "1"}});
    EXPECT_THAT(out_, HasSubstr("Running post-compile tests"));
    EXPECT_THAT(meta("MANIFEST"), HasSubstr("* __License__: Apache-2.0 MIT\n"));
    EXPECT_EQ(meta("CFLAGS"), "-I" + prefix().string() + "/include\n");
    EXPECT_EQ(run({(prefix() / "bin/tool").string()}).out, "tool conf= flags=\n");
    // Only unpacked sources lose what libtool would do.
    EXPECT_THAT(read_file("/hab/cache/src/stock-1.0/ltmain.sh"), Not(HasSubstr("eval sys_lib")));
    EXPECT_THAT(read_file(dir_.path() / "sources/stock-1.0/ltmain.sh"), HasSubstr("eval sys_lib"));
    const std::string stock = last("pkg_ident");

    expect_built("minimal-service");
    EXPECT_THAT(meta("run"),
                HasSubstr("exec tool /hab/svc/minimal-service/config/service.conf 2>"));
    EXPECT_EQ(meta("EXPORTS"), "data-dir=dir\nport=server.port\n");
    EXPECT_EQ(meta("EXPOSES"), "6379\n");
    EXPECT_THAT(meta("RUNTIME_PATH"), HasSubstr(stock + "/bin"));

    expect_built("service-paths");
    EXPECT_THAT(run({(prefix() / "sbin/tool").string()}).out,
                HasSubstr("conf=/hab/svc/service-paths/config"));
    EXPECT_EQ(meta("SVC_USER") + meta("SVC_GROUP"), "root\nhab\n");
    EXPECT_EQ(meta("html/index.html"), "hello\n");

    expect_built("patched", {{"DO_CHECK", "1"}});
    EXPECT_EQ(meta("patches-applied"), "firstsecond");
    EXPECT_EQ(meta("INTERPRETERS"),
              prefix().string() + "/bin/tool\n" + prefix().string() + "/bin/sh\n");

    expect_built("derived", {{"DO_CHECK", "1"}});
    EXPECT_EQ(meta("DEPS"), stock + "\n");
    EXPECT_THAT(out_, Not(HasSubstr("Running post-compile tests")));
    EXPECT_THAT(meta("tool.in"), HasSubstr("%confdir%"));

    expect_built("derived-again");
    EXPECT_THAT(meta("DEPS"), HasSubstr(stock + "\nacme/minimal-service/1/"));
    EXPECT_THAT(meta("LD_RUN_PATH"), HasSubstr("/lib:" + prefix().string() + "/lib64"));

    expect_built("sibling");
    EXPECT_THAT(out_, HasSubstr("keeping " + prefix().string() + "/bin/tool"));
    EXPECT_THAT(meta("loader"), HasSubstr("ld-linux"));

    expect_built("extended");
    EXPECT_EQ(meta("share/extension"), "first");
    for (const char* hook :
         {"init", "run", "health-check", "reconfigure", "suitability", "post-run"})
        EXPECT_THAT(meta(std::string("hooks/") + hook), HasSubstr(std::string("# ") + hook));
    EXPECT_THAT(meta("config/members.conf"), HasSubstr("{{#eachAlive svc.members as |member|}}"));
}

TEST_F(OwnPlans, OfVersionsScaffoldingsAndShellFeatures) {
    expect_built("stock");
    expect_built("minimal-service");
    // Twice: what the first build left in the cache changes nothing.
    for (int round = 0; round < 2; ++round) {
        expect_built("dated");
        EXPECT_THAT(last("pkg_ident"), HasSubstr("acme/dated/2026.02.03/"));
        EXPECT_THAT(meta("RUNTIME_ENVIRONMENT"),
                    HasSubstr("LIST_FILE=" + prefix().string() + "/list.txt"));
        EXPECT_FALSE(fs::exists(results("pre_build.env")));
        expect_built("nightly");
        EXPECT_EQ(meta("replaced"), "yes\n");
        EXPECT_THAT(last("pkg_artifact"), HasSubstr("acme-nightly-2026-01-31-"));
    }

    expect_built("scaffolding-own");
    const std::string frame = last("pkg_ident");
    expect_built("scaffolded", {{"DO_CHECK", "1"}});
    EXPECT_THAT(out_, HasSubstr("Scaffolding for github.com/acme"));
    EXPECT_EQ(meta("file"), "content\n");
    EXPECT_THAT(meta("note"), HasSubstr("by /hab/pkgs/" + frame));
    EXPECT_THAT(meta("BUILD_DEPS"), HasSubstr(frame + "\nacme/stock/1.0/"));
    EXPECT_THAT(meta("BUILDTIME_ENVIRONMENT"), HasSubstr("GOPATH=/opt/go\n"));
    EXPECT_THAT(meta("RUNTIME_ENVIRONMENT"), HasSubstr("SCAFFOLDED=yes\n"));

    expect_built("optional-binds");
    EXPECT_EQ(meta("BINDS"), "database=port superuser_name\n");
    EXPECT_EQ(meta("BINDS_OPTIONAL"), "elasticsearch=http-port transport-port\nlog=port\n");
    EXPECT_EQ(meta("EXPOSES"), "9200 9300\n");
    EXPECT_EQ(meta("SVC_USER"), "hab\n");

    expect_built("here-string");
    EXPECT_EQ(meta("flag"), "true\n");
    EXPECT_FALSE(fs::exists("/hab/tmp-link"));

    expect_built("extended-globs");
    EXPECT_TRUE(fs::exists(prefix() / "keep.1"));
    EXPECT_FALSE(fs::exists(prefix() / "drop.1"));

    expect_built("side-effects");
    EXPECT_EQ(meta("note"), "version 3.2.1 has 2 colours\n");
    EXPECT_THAT(meta("MANIFEST"), HasSubstr("* __License__: BSD-2-Clause Ruby\n"));
    EXPECT_EQ(meta("PATH"), prefix().string() + "/sbin:" + prefix().string() + "/bin\n");

    expect_built("for-target");
    EXPECT_EQ(meta("default.toml"), "x = 1\n");
}

}  // namespace
}  // namespace hab::test
