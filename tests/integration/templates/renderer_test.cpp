// SPDX-License-Identifier: Apache-2.0
// core/config's renderer with the real plugins, loaded from their .so files.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "template_fixture.hpp"

namespace hab::config {
namespace {

using Outcome = Rendered::Outcome;

using RendererTest = TemplateTest;

TEST_F(RendererTest, WritesWhatChangedAndNothingElse) {
    write("app.conf", "port={{cfg.port}}\n{{> parts/hosts.conf}}");
    write("parts/hosts.conf", "{{#each cfg.hosts}}\nhost={{this}}\n{{/each}}\n");
    Renderer renderer = make_renderer();
    EXPECT_EQ(renderer.add_tree(source, target, {}), 2u);
    EXPECT_EQ(renderer.names(), (std::vector<std::string>{"app.conf", "parts/hosts.conf"}));
    renderer.set_data(parse_json(R"({"cfg":{"port":80,"hosts":["a","b"]}})", "t"));
    auto results = renderer.render_all();
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].outcome, Outcome::created);
    EXPECT_EQ(results[0].reads, (std::vector<std::string>{"cfg.port", "cfg.hosts", "cfg.hosts.*"}));
    EXPECT_EQ(read("app.conf"), "port=80\nhost=a\nhost=b\n");
    EXPECT_EQ(read("parts/hosts.conf"), "host=a\nhost=b\n");

    struct stat before{};
    struct stat after{};
    ASSERT_EQ(stat((target / "parts/hosts.conf").c_str(), &before), 0);
    renderer.update_data("/cfg/port", Value(81));
    results = renderer.render_all();
    EXPECT_EQ(results[0].outcome, Outcome::modified);
    EXPECT_EQ(results[1].outcome, Outcome::unchanged);
    EXPECT_EQ(read("app.conf"), "port=81\nhost=a\nhost=b\n");
    ASSERT_EQ(stat((target / "parts/hosts.conf").c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino) << "an unchanged file was replaced";
}

TEST_F(RendererTest, GivesModesAndKeepsPrefixesApart) {
    write("run", "#!/bin/sh\nexec {{pkg.path}}/bin/x\n");
    write("run.conf", "a\n");
    Renderer renderer = make_renderer();
    renderer.add_file("hooks/run", source / "run", target / "hooks/run", {.file_mode = 0755});
    renderer.add_file("run.conf", source / "run.conf", target / "config/run.conf",
                      {.file_mode = 0640, .directory_mode = 0700});
    renderer.set_data(parse_json(R"({"pkg":{"path":"/p"}})", "t"));
    ASSERT_EQ(renderer.render_matching("hooks/").size(), 1u);
    EXPECT_FALSE(fs::exists(target / "config"));
    ASSERT_EQ(renderer.render_all().size(), 2u);
    struct stat status{};
    ASSERT_EQ(stat((target / "hooks/run").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0755u);
    ASSERT_EQ(stat((target / "config/run.conf").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0640u);
    ASSERT_EQ(stat((target / "config").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0700u);
    EXPECT_EQ(renderer.render("hooks/run"), "#!/bin/sh\nexec /p/bin/x\n");
    EXPECT_THROW((void)renderer.render("nope"), Error);
}

TEST_F(RendererTest, TellsFileLineAndColumnOfABrokenTemplate) {
    write("a.conf", "fine\n");
    write("b.conf", "x\n  {{#if cfg.a}}\n");
    Renderer renderer = make_renderer();
    try {
        renderer.add_tree(source, target, {});
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_EQ(exit_code(error), 1);
        EXPECT_EQ(error.message(), (source / "b.conf").string() +
                                       ":2:3: the block 'if' is never closed\n"
                                       "  2 |   {{#if cfg.a}}\n"
                                       "    |   ^");
        EXPECT_EQ(error.hint(), "end it with {{/if}}");
    }
    EXPECT_TRUE(renderer.names().empty());
}

TEST_F(RendererTest, LeavesEveryOldFileWhenOneTemplateFails) {
    write("a.conf", "a={{cfg.a}}\n");
    write("b.conf", "b={{toUppercase cfg.b}}\n");
    Renderer renderer = make_renderer();
    renderer.add_tree(source, target, {});
    renderer.set_data(parse_json(R"({"cfg":{"a":1,"b":"x"}})", "t"));
    renderer.render_all();
    renderer.update_data("/cfg", parse_json(R"({"a":2,"b":5})", "t"));
    try {
        renderer.render_all();
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_TRUE(error.message().starts_with((source / "b.conf").string() + ":1:5: "))
            << error.message();
    }
    EXPECT_EQ(read("a.conf"), "a=1\n");
    EXPECT_EQ(read("b.conf"), "b=X\n");
    EXPECT_EQ(fs::directory_iterator(target) == fs::directory_iterator{}, false);
}

TEST_F(RendererTest, ModeDecidesHowWhiteSpaceIsTreated) {
    write("a.conf", "k: v\n{{~#if t}}\nb: c\n{{~/if}}\nd: e\n");
    for (const auto& [mode, expected] :
         {std::pair{"classic", "k: v\nb: c\nd: e\n"}, std::pair{"modern", "k: vb: cd: e\n"}}) {
        Renderer renderer = make_renderer("handlebars", mode);
        renderer.add_tree(source, target, {});
        renderer.set_data(parse_json(R"({"t":true})", "t"));
        EXPECT_EQ(renderer.render("a.conf"), expected);
    }
}

TEST_F(RendererTest, RendersWithMustache) {
    write("a.conf", "{{#cfg.hosts}}\nhost={{.}}\n{{/cfg.hosts}}\nport={{cfg.port}}\n");
    Renderer renderer = make_renderer("mustache");
    renderer.add_tree(source, target, {});
    renderer.set_data(parse_json(R"({"cfg":{"port":80,"hosts":["a","b"]}})", "t"));
    renderer.render_all();
    EXPECT_EQ(read("a.conf"), "host=a\nhost=b\nport=80\n");
}

TEST_F(RendererTest, RefusesANameTwiceAndAMissingParent) {
    write("a.conf", "x");
    Renderer renderer = make_renderer();
    renderer.add_tree(source, target, {});
    EXPECT_THROW(renderer.add_tree(source, target, {}), Error);
    EXPECT_EQ(renderer.add_tree(source / "missing", target, {}), 0u);
    renderer.set_data(Value(Object{}));
    EXPECT_THROW(renderer.update_data("/bind/db", Value(1)), Error);
}

}  // namespace
}  // namespace hab::config
