// SPDX-License-Identifier: Apache-2.0
// hab plan init, hab plan check, hab-plan-build.
#include "base/json.hpp"
#include "build_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PlanCommands : public BuildWorld {
protected:
    /// Expects findings with these words.
    void expect_findings(const std::vector<std::string>& sentences) {
        const auto checked = hab({"plan", "check", "app"});
        EXPECT_EQ(checked.exit_code, 1) << checked.out << checked.err;
        for (const std::string& sentence : sentences)
            EXPECT_THAT(checked.out, HasSubstr(sentence));
    }
};

TEST_F(PlanCommands, ANewPlanIsCleanAndBuilds) {
    const auto made = hab({"plan", "init", "web", "--origin", "acme"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto checked = hab({"plan", "check", "web"});
    EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
    EXPECT_THAT(checked.out, HasSubstr("acme/web 0.1.0: nothing is wrong"));
    const auto built = build("web");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(run({(prefix() / "bin/web").string()}).out, "web runs\n");
    EXPECT_EQ(meta("EXPOSES"), "8080\n");
    const auto again = hab({"plan", "init", "web", "--origin", "acme"});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("habitat' is there already"));
}

TEST_F(PlanCommands, AMinimalPlanForAScaffolding) {
    ASSERT_EQ(hab({"plan", "init", "a", "-o", "acme", "--min", "-s", "acme/frame"}).exit_code, 0);
    const std::string text = read_file(dir_.path() / "a/habitat/plan.sh");
    EXPECT_THAT(text, HasSubstr("pkg_scaffolding=acme/frame\n"));
    EXPECT_THAT(text, Not(HasSubstr("do_install")));
    EXPECT_FALSE(fs::exists(dir_.path() / "a/habitat/hooks"));
    const auto bad = hab({"plan", "init", "a.b", "-o", "acme"});
    EXPECT_EQ(bad.exit_code, 2);
    EXPECT_THAT(bad.err, HasSubstr("'acme/a.b' cannot name a package"));
    EXPECT_EQ(hab({"plan", "init", "b"}, {{"HAB_ORIGIN", ""}}).exit_code, 2);
    EXPECT_FALSE(fs::exists(dir_.path() / "b"));
}

TEST_F(PlanCommands, WhatIsWrongIsTold) {
    plan("app",
         "pkg_dps=(acme/x)\npkg_deps=(acme/none acme/app nonsense)\npkg_build_deps=(acme/none)\n"
         "pkg_source=https://h/x.tgz\npkg_shasum=abc\npkg_exposes=(port)\npkg_binds=([db]='')\n"
         "pkg_binds_optional=([db]=port)\npkg_svc_run=x\ndo_instal() { return 0; }\n");
    file("app/hooks/run", "#!/bin/sh\r\necho x\n");
    file("app/hooks/run.sh", "#!/bin/sh\n");
    file("app/default.toml", "port = 1\n");
    expect_findings({"the variable pkg_dps means nothing to the builder; did you mean pkg_deps?",
                     "'acme/none' in pkg_deps is neither installed nor in the artifact cache",
                     "acme/app depends on itself", "'nonsense' in pkg_deps is not a package",
                     "'acme/none' is in pkg_deps and in pkg_build_deps",
                     "pkg_shasum 'abc' is not a SHA-256",
                     "pkg_exposes names 'port', which is not in pkg_exports",
                     "the bind 'db' in pkg_binds asks for no key",
                     "the bind 'db' is in pkg_binds and in pkg_binds_optional",
                     "pkg_svc_run is not used: there is a hooks/run",
                     "no phase is called do_instal; did you mean do_install?", "has CRLF line ends",
                     "more than one file for the hook 'run'"});
    EXPECT_FALSE(fs::exists("/hab/pkgs"));
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
}

TEST_F(PlanCommands, MistakesInTemplatesHaveTheirPlace) {
    plan("app", "");
    file("app/default.toml", "port = 1\n");
    file("app/config/app.conf", "port = {{cfg.port}}\nhost = {{cfg.hots}}\n");
    file("app/hooks/init", "#!/bin/sh\n{{#if cfg.port}}\n");
    expect_findings({"hooks/init"});
    fs::remove(dir_.path() / "app/hooks/init");
    expect_findings({"config/app.conf:2:", "cfg.hots"});
}

TEST_F(PlanCommands, ShellcheckIsAskedWhereItIs) {
    HAB_REQUIRE(run({"sh", "-c", "command -v shellcheck"}).exit_code == 0,
                "this test needs shellcheck");
    plan("app", "do_prepare() {\n  if [ $pkg_name = ]; then return 1; fi\n}\n");
    expect_findings({"plan.sh:7:", "shellcheck SC"});
}

TEST_F(PlanCommands, MachinesGetTheMetadata) {
    plan("app", "pkg_bin_dirs=(bin)\npkg_exports=([port]=port)\n");
    file("app/default.toml", "port = 1\n");
    const auto checked = hab({"plan", "check", "app", "--format", "json"});
    ASSERT_EQ(checked.exit_code, 0) << checked.out << checked.err;
    const Value json = parse_json(checked.out, "answer");
    EXPECT_EQ(*json.at_path("evaluated"), Value(true));
    EXPECT_EQ(*json.at_path("metadata.pkg_name"), Value("app"));
    EXPECT_EQ(*json.at_path("metadata.pkg_bin_dirs"), Value(Array{Value("bin")}));
    EXPECT_EQ(*json.at_path("metadata.pkg_exports.port"), Value("port"));
    EXPECT_EQ(*json.at_path("findings"), Value(Array{}));
    ASSERT_EQ(json.at_path("callbacks")->as_array()->size(), 2u);
    const Value& callback = json.at_path("callbacks")->as_array()->front();
    EXPECT_EQ(*callback.at_path("name"), Value("do_build"));
    EXPECT_EQ(*callback.at_path("line"), Value(4));
    EXPECT_EQ(*callback.at_path("file"), Value((dir_.path() / "app/plan.sh").string()));
}

TEST_F(PlanCommands, WhatCannotBeEvaluatedIsExitCodeTwo) {
    const std::pair<const char*, const char*> plans[] = {
        {"exit 3\n", "cannot evaluate"},
        {"exit 0\n", "called 'exit 0'"},
        {"if\n", "Failed to load plan"},
        {"pkg_name=app\nfalse\n", "its last command gave status 1"}};
    for (const auto& [text, sentence] : plans) {
        file("app/plan.sh", text);
        const auto checked = hab({"plan", "check", "app"});
        EXPECT_EQ(checked.exit_code, 2) << text << checked.out;
        EXPECT_THAT(checked.err, HasSubstr(sentence)) << text;
        const auto json = hab({"plan", "check", "app", "--format", "json"});
        EXPECT_EQ(json.exit_code, 2) << text;
        EXPECT_EQ(*parse_json(json.out, "answer").at_path("evaluated"), Value(false)) << text;
    }
    EXPECT_EQ(hab({"plan", "check", "nowhere"}).exit_code, 2);
    EXPECT_EQ(hab({"plan", "check", "app", "--format", "xml"}).exit_code, 2);
}

TEST_F(PlanCommands, UpstreamsBuildProgram) {
    plan("app", "do_install() { echo \"$HAB_BLDR_URL\" >\"$pkg_prefix/url\"; }\n");
    const auto plan_build = [&](std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab-plan-build").string());
        return run(words, {.env = {{"HAB_HART_COMPRESSION", "zstd"}}, .cwd = dir_.path().string()});
    };
    const auto built = plan_build({"app", "-u", "https://depot.test"});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("url"), "https://depot.test\n");
    EXPECT_EQ(plan_build({}).exit_code, 42);
    EXPECT_EQ(plan_build({"app", "-x"}).exit_code, 2);
    EXPECT_THAT(plan_build({"--help"}).out, HasSubstr("hab-plan-build [CONTEXT] [-u URL]"));
}

}  // namespace
}  // namespace hab::test
