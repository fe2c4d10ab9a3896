// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "plan_render_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RenderAPlan : public PlanRender {
protected:
    void SetUp() override {
        file("habitat/plan.sh",
             "pkg_name=tide\npkg_origin=\"acme\"\npkg_version=\"1.0\"\n"
             "pkg_deps=(\n  core/glibc  # libc\n  core/jq/1.7\n)\n"
             "pkg_binds=(\n  [database]=\"port host\"\n)\n"
             "pkg_exports=([port]=server.port)\npkg_exposes=(port)\n"
             "pkg_template_mode=modern\n");
        file("habitat/default.toml", "word = \"one\"\n[server]\nport = 80\n");
        file("habitat/config/tide.conf", "{{cfg.word}} {{cfg.server.port}}\n{{> parts/p.conf}}");
        file("habitat/config/parts/p.conf", "{{#if cfg.word}}\nuser {{pkg.svc_user}}\n{{/if}}\n");
        file("habitat/hooks/run.sh", "#!/bin/sh\nexec {{pkgPathFor \"core/jq\"}}/bin/jq\n");
        file("habitat/config_install/x.conf", "{{pkg.svc_config_path}}\n");
    }
};

TEST_F(RenderAPlan, WritesEveryTemplate) {
    const auto done = render({"."});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(read("results/config/tide.conf"), "one 80\nuser hab\n");
    EXPECT_EQ(read("results/config/parts/p.conf"), "user hab\n");
    EXPECT_EQ(read("results/hooks/run"), "#!/bin/sh\nexec /hab/pkgs/core/jq/1.7/unknown/bin/jq\n");
    EXPECT_EQ(read("results/config_install/x.conf"), "/hab/svc/tide/config\n");
    EXPECT_THAT(done.out, HasSubstr("results/config/tide.conf"));
    EXPECT_THAT(render({"habitat"}).out, HasSubstr("Unchanged"));
}

TEST_F(RenderAPlan, TakesLayersInTheirOrder) {
    file("user.toml", "word = \"user\"\n");
    const auto done = render({".", "-u", "user.toml", "-r", "out", "--quiet"},
                             {{"HAB_TIDE", "word = \"env\"\nserver.port = 81"}});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_EQ(read("out/config/tide.conf"), "user 81\nuser hab\n");
    EXPECT_EQ(render({".", "-u", "user.toml", "-r", "out"},
                     {{"HAB_TIDE", "word = \"env\""}, {"HAB_CONFIG_ORDER", "2016"}})
                  .exit_code,
              0);
    EXPECT_EQ(read("out/config/tide.conf"), "env 80\nuser hab\n");
}

TEST_F(RenderAPlan, OneTemplateWithTheOnesItIncludes) {
    const auto done = render({"habitat/config/tide.conf", "--print", "--no-render", "-q"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "one 80\nuser hab\n");
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
    EXPECT_EQ(render({"habitat/config/tide.conf"}).exit_code, 0);
    EXPECT_EQ(read("results/tide.conf"), "one 80\nuser hab\n");
}

TEST_F(RenderAPlan, MockDataLiesOverEverything) {
    file("habitat/config/tide.conf",
         "{{#each bind.database.members}}\n{{sys.ip}}\n{{/each}}\n{{cfg.word}} {{sys.ip}}\n");
    file("mock.json", R"({"cfg":{"word":"mock"},"bind":{"database":{"members":)"
                      R"([{"sys":{"ip":"10.0.0.1"}},{"sys":{"ip":"10.0.0.2"}}]}}})");
    const auto done =
        render({"habitat/config/tide.conf", "-m", "mock.json", "--print", "--no-render", "-q"});
    EXPECT_EQ(done.out, "10.0.0.1\n10.0.0.2\nmock 127.0.0.1\n") << done.err;
}

TEST_F(RenderAPlan, TellsWhereTheModesDiffer) {
    const auto done = render({".", "--mode", "classic"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(read("results/config/parts/p.conf"), "\nuser hab\n\n");
    EXPECT_THAT(done.err, HasSubstr("config/parts/p.conf:1: the text is another one in modern "
                                    "mode from this line on"));
    EXPECT_THAT(done.err, Not(HasSubstr("hooks/run")));
    EXPECT_EQ(render({"."}).err, "") << "only asked for with --mode";
}

TEST_F(RenderAPlan, StrictFindsWhatIsMissingAndWritesNothing) {
    file("habitat/config/tide.conf", "ok\nport {{cfg.server.prot}}\n");
    EXPECT_EQ(render({"."}).exit_code, 0);
    fs::remove_all(dir_.path() / "results");
    const auto done = render({".", "--strict"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.err, HasSubstr("habitat/config/tide.conf:2:8: "));
    EXPECT_THAT(done.err, HasSubstr("  2 | port {{cfg.server.prot}}\n    |        ^"));
    EXPECT_THAT(done.err, HasSubstr("port"));
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
}

TEST_F(RenderAPlan, APlanCanBeStrictByItself) {
    file("strict/plan.sh",
         "pkg_name=tide\npkg_origin=acme\npkg_template_engine=mustache\n"
         "pkg_template_strict=true\n");
    file("strict/default.toml", "server.port = 80\n");
    file("strict/config/tide.conf", "{{#cfg.tls}}tls{{/cfg.tls}}\nport {{cfg.server.prot}}\n");
    const auto done = render({"strict"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.err,
                HasSubstr("strict/config/tide.conf:2:6: there is no value 'cfg.server.prot'"));
    EXPECT_THAT(done.err, HasSubstr("did you mean 'port'?"));
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
}

TEST_F(RenderAPlan, CheckFindsMistakesWithoutData) {
    EXPECT_EQ(render({".", "--check"}).exit_code, 0) << render({".", "--check"}).out;
    file("habitat/config/tide.conf",
         "{{cfg.wrod}}\n{{#if cfg.optional}}{{cfg.optional.x}}{{/if}}\n{{uper cfg.word}}\n"
         "{{#each bind.databse.members}}{{sys.ip}}{{/each}}\n{{bind.database.first.sys.ip}}\n"
         "{{pkg.svc_config_pat}}\n{{svc.leader.sys.ip}} {{#if bind.has_database}}x{{/if}}\n");
    const auto done = render({".", "--check"});
    EXPECT_EQ(done.exit_code, 1);
    const std::string at = "habitat/config/tide.conf";
    EXPECT_THAT(done.out, HasSubstr(at + ":1:3: cfg.wrod is not in default.toml; did you mean "
                                         "cfg.word?\n  1 | {{cfg.wrod}}\n    |   ^\n"));
    EXPECT_THAT(done.out, HasSubstr(at + ":3:3: there is no helper 'uper'"));
    EXPECT_THAT(done.out, HasSubstr(at + ":4:9: the plan declares no bind 'databse'; did you mean "
                                         "'database'?"));
    EXPECT_THAT(done.out, HasSubstr(at + ":6:3: templates see no pkg.svc_config_pat; did you mean "
                                         "pkg.svc_config_path?"));
    EXPECT_THAT(done.out, Not(HasSubstr("optional")));
    EXPECT_THAT(done.out, Not(HasSubstr("tide.conf:5")));
    EXPECT_THAT(done.out, Not(HasSubstr("tide.conf:7")));
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
    const Value json = parse_json(render({".", "--check", "--format", "json"}).out, "out");
    EXPECT_EQ(json.at_path("problems")->as_array()->size(), 4u);
}

TEST_F(RenderAPlan, CheckKnowsTheSchema) {
    file("habitat/config.schema.toml",
         "[token]\ntype = 'string'\nrequired = true\nsecret = true\n[server.host]\n"
         "type = 'string'\n");
    file("habitat/config/tide.conf", "{{cfg.token}} {{cfg.server.host}} {{cfg.server.hots}}\n");
    const auto done = render({".", "--check"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.out, HasSubstr(":1:37: cfg.server.hots is neither in default.toml nor in "
                                    "config.schema.toml; did you mean cfg.server.host?"));
    EXPECT_THAT(done.out, Not(HasSubstr(":1:3:")));
    const auto refused = render({"."});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("token is not set: the package requires a value"));
}

TEST_F(RenderAPlan, RefusesValuesThatBreakTheSchemaAndHidesSecrets) {
    file("habitat/config.schema.toml",
         "[server.port]\ntype = 'integer'\nmax = 65535\n[token]\ntype = 'string'\nsecret = true\n"
         "pattern = '[a-z]+'\n[word]\n");
    file("user.toml", "token = 'HUNTER2'\n[server]\nport = 70000\n");
    auto done = render({".", "-u", "user.toml"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.err, HasSubstr("user.toml:1: token = (secret) is refused: it must match the "
                                    "pattern [a-z]+; user.toml:3: server.port = 70000 is refused: "
                                    "it must be at most 65535"));
    EXPECT_THAT(done.err, Not(HasSubstr("HUNTER2")));
    EXPECT_FALSE(fs::exists(dir_.path() / "results"));
    file("user.toml", "token = 'hunter'\nwrod = 'x'\n");
    done = render({".", "-u", "user.toml", "--origins"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out,
              "word        = \"one\"     habitat/default.toml:1\n"
              "server.port = 80        habitat/default.toml:3\n"
              "token       = (secret)  user.toml:1\n"
              "wrod        = \"x\"       user.toml:2\n");
    EXPECT_THAT(done.err,
                HasSubstr("user.toml:2: nothing knows the key 'wrod'; did you mean 'word'?"));
    const auto as_json = render({".", "-u", "user.toml", "--origins", "--format", "json"});
    EXPECT_THAT(as_json.out, Not(HasSubstr("hunter")));
    const Value json = parse_json(as_json.out, "out");
    const auto& rows = *json.at_path("origins")->as_array();
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(to_json(rows[1]),
              R"({"path":"server.port","value":80,"origin":"habitat/default.toml:3"})");
}

class RenderAFile : public PlanRender {};

TEST_F(RenderAFile, WithoutAPlanDefaultsComeFromTheCurrentDirectory) {
    file("default.toml", "a = 1\n");
    file("some/x.conf", "{{cfg.a}}{{cfg.b}}\n");
    file("other.toml", "b = 2\n");
    EXPECT_EQ(render({"some/x.conf"}).exit_code, 0);
    EXPECT_EQ(read("results/x.conf"), "1\n");
    EXPECT_EQ(render({"some/x.conf", "-d", "other.toml"}).exit_code, 0);
    EXPECT_EQ(read("results/x.conf"), "2\n");
}

TEST_F(RenderAFile, AnotherEngine) {
    file("default.toml", "[server]\nport = 80\n");
    file("x.conf", "{{#cfg.server}}{{port}}{{/cfg.server}}\n");
    const auto done = render({"x.conf", "--engine", "mustache", "--print", "-n", "-q"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "80\n");
}

TEST_F(RenderAFile, BadInput) {
    file("x.conf", "{{cfg.a}}\n");
    file("bad.conf", "{{#if cfg.a}}\n");
    file("bad.json", "{\"cfg\": }");
    file("list.json", "[1]");
    file("bad.toml", "a = = 1\n");
    fs::create_directories(dir_.path() / "empty");
    const struct {
        std::vector<std::string> words;
        int exit_code;
        const char* sentence;
    } cases[] = {
        {{"nowhere"}, 1, "there is no 'nowhere'"},
        {{"empty"}, 1, "there is no plan.sh in 'empty'"},
        {{}, 2, "CONTEXT"},
        {{"x.conf", "-u", "none.toml"}, 1, "there is no user.toml 'none.toml'"},
        {{"x.conf", "-d", "none.toml"}, 1, "there is no default.toml 'none.toml'"},
        {{"x.conf", "-m", "none.json"}, 1, "there is no file of mock data 'none.json'"},
        {{"x.conf", "-m", "bad.json"}, 1, "bad.json"},
        {{"x.conf", "-m", "list.json"}, 1, "list.json: the data must be an object"},
        {{"x.conf", "-u", "bad.toml"}, 1, "bad.toml:1:5: not valid TOML"},
        {{"bad.conf"}, 1, "bad.conf:1:1: the block 'if' is never closed"},
        {{"x.conf", "--mode", "old"}, 2, "--mode 'old' is not known"},
        {{"x.conf", "--format", "xml"}, 2, "--format 'xml' is not known"},
        {{"x.conf", "--config-order", "2017"}, 2, "'2017' is no order of configuration layers"},
        {{"x.conf", "--engine", "none"}, 1, "none"},
        {{"x.conf", "--engine", "mustache", "--mode", "modern"}, 2, "the engine 'mustache' has no"},
    };
    for (const auto& each : cases) {
        const auto done = render(each.words);
        EXPECT_EQ(done.exit_code, each.exit_code) << each.sentence << "\n" << done.err;
        EXPECT_THAT(done.err, HasSubstr(each.sentence));
        EXPECT_FALSE(fs::exists(dir_.path() / "results")) << each.sentence;
    }
}

}  // namespace
}  // namespace hab::test
