// SPDX-License-Identifier: Apache-2.0
// After a change of the data, exactly the templates that read some of it are rendered again.
#include <fmt/format.h>

#include <random>

#include "base/error.hpp"
#include "base/json.hpp"
#include "template_fixture.hpp"

namespace hab::config {
namespace {

using Names = std::vector<std::string>;

Names rendered(const RenderReport& report) {
    Names names;
    for (const Rendered& each : report.rendered)
        names.push_back(each.name);
    return names;
}

class Incremental : public TemplateTest {
protected:
    /// Compiles what was written and renders it once with this data.
    void begin(const std::string& json) {
        renderer.add_tree(source, target, {});
        renderer.set_data(parse_json(json, "t"));
        first = renderer.render_changed();
    }

    Renderer renderer = make_renderer();
    RenderReport first;
};

TEST_F(Incremental, RendersOnlyWhatReadsTheChange) {
    write("a.conf", "{{cfg.a}}\n");
    write("b.conf", "{{cfg.b}} {{sys.ip}}\n");
    write("c.conf", "{{#if cfg.c}}{{cfg.a}}{{/if}}\n");
    write("d.conf", "fixed\n");
    begin(R"({"cfg":{"a":1,"b":2},"sys":{"ip":"::1"}})");
    EXPECT_EQ(rendered(first), (Names{"a.conf", "b.conf", "c.conf", "d.conf"}));
    EXPECT_EQ(first.changed, Names{""});
    EXPECT_TRUE(first.skipped.empty());

    renderer.update_data("/cfg/b", Value(3));
    auto report = renderer.render_changed();
    EXPECT_EQ(report.changed, Names{"cfg.b"});
    EXPECT_EQ(rendered(report), Names{"b.conf"});
    EXPECT_EQ(report.skipped, (Names{"a.conf", "c.conf", "d.conf"}));
    EXPECT_EQ(read("b.conf"), "3 ::1\n");

    report = renderer.render_changed();
    EXPECT_TRUE(report.rendered.empty()) << "nothing has changed since";
    EXPECT_TRUE(report.changed.empty());

    // What a template reads depends on the data: c did not look at cfg.a before.
    renderer.update_data("/cfg/c", Value(true));
    EXPECT_EQ(rendered(renderer.render_changed()), Names{"c.conf"});
    renderer.update_data("/cfg/a", Value(9));
    EXPECT_EQ(rendered(renderer.render_changed()), (Names{"a.conf", "c.conf"}));
    EXPECT_EQ(read("c.conf"), "9\n");
}

TEST_F(Incremental, AWholePartMayComeWithTheNamesOfWhatDiffers) {
    write("a.conf", "{{cfg.a}}\n");
    write("b.conf", "{{cfg.b}}\n");
    begin(R"({"cfg":{"a":1,"b":2}})");
    const Names changed{"/cfg/b"};
    renderer.update_data("/cfg", parse_json(R"({"a":1,"b":3})", "t"), changed);
    const auto report = renderer.render_changed();
    EXPECT_EQ(rendered(report), Names{"b.conf"});
    EXPECT_EQ(report.changed, Names{"cfg.b"});
    EXPECT_EQ(read("b.conf"), "3\n");
}

TEST_F(Incremental, DataThatWasGivenBackIsLoadedAgainForAChange) {
    write("a.conf", "{{cfg.a}}\n");
    write("b.conf", "{{cfg.b}}\n");
    begin(R"({"cfg":{"a":1,"b":2}})");
    renderer.release_small_data();
    EXPECT_FALSE(renderer.has_data());
    const Names changed{"/cfg/b"};
    renderer.reload_data(parse_json(R"({"cfg":{"a":1,"b":3}})", "t"), changed);
    const auto report = renderer.render_changed();
    EXPECT_EQ(rendered(report), Names{"b.conf"});
    EXPECT_EQ(report.skipped, Names{"a.conf"});
    EXPECT_EQ(read("b.conf"), "3\n");
    const std::string large = R"({"cfg":{"a":1,"b":")" + std::string(70'000, 'x') + "\"}}";
    renderer.set_data(parse_json(large, "t"));
    renderer.release_small_data();
    EXPECT_TRUE(renderer.has_data()) << "that takes long to load";
}

TEST_F(Incremental, IncludesCountAsRead) {
    write("a.conf", "{{> part.conf}}");
    write("part.conf", "{{cfg.a}}");
    begin(R"({"cfg":{"a":1}})");
    renderer.update_data("/cfg/a", Value(2));
    EXPECT_EQ(rendered(renderer.render_changed()), (Names{"a.conf", "part.conf"}));
    EXPECT_EQ(read("a.conf"), "2");
}

TEST_F(Incremental, AFailedRenderIsTriedAgainWithTheNextChange) {
    write("a.conf", "{{cfg.a}}\n");
    write("b.conf", "{{toUppercase cfg.b}}\n");
    begin(R"({"cfg":{"a":"1","b":"x"}})");
    renderer.update_data("/cfg/a", Value("2"));
    renderer.update_data("/cfg/b", Value(5));
    EXPECT_THROW(renderer.render_changed(), Error);
    EXPECT_EQ(read("a.conf"), "1\n") << "nothing is written unless all of it renders";
    renderer.update_data("/cfg/b", Value("y"));
    const auto report = renderer.render_changed();
    EXPECT_EQ(rendered(report), (Names{"a.conf", "b.conf"}));
    EXPECT_EQ(report.changed, (Names{"cfg.a", "cfg.b"}));
    EXPECT_EQ(read("a.conf"), "2\n");
    EXPECT_EQ(read("b.conf"), "Y\n");
}

TEST_F(Incremental, OneMemberOfAThousandTouchesOnlyTheTemplatesThatListMembers) {
    for (int i = 0; i < 196; ++i)
        write(fmt::format("own{}.conf", i),
              fmt::format("{{{{cfg.k{}}}}} {{{{svc.me.sys.ip}}}}\n", i));
    for (int i = 0; i < 4; ++i) {
        write(fmt::format("list{}.conf", i),
              "{{#each svc.members}}{{sys.ip}}:{{cfg.port}}\n{{/each}}");
    }
    Array members;
    for (int i = 0; i < 1000; ++i) {
        members.push_back(parse_json(
            fmt::format(R"({{"sys":{{"ip":"10.0.{}.{}"}},"cfg":{{"port":80}}}})", i / 256, i % 256),
            "t"));
    }
    Object svc;
    svc.set("me", members.front());
    svc.set("members", std::move(members));
    Object root;
    root.set("cfg", Object());
    root.set("svc", std::move(svc));
    renderer.add_tree(source, target, {});
    renderer.set_data(Value(std::move(root)));
    renderer.render_changed();

    renderer.update_data("/svc/members/500",
                         parse_json(R"({"sys":{"ip":"192.0.2.1"},"cfg":{"port":81}})", "t"));
    const auto report = renderer.render_changed();
    EXPECT_EQ(rendered(report), (Names{"list0.conf", "list1.conf", "list2.conf", "list3.conf"}));
    EXPECT_EQ(report.skipped.size(), 196u);
    EXPECT_EQ(report.changed, Names{"svc.members.500"});
    EXPECT_NE(read("list3.conf").find("192.0.2.1:81\n"), std::string::npos);
}

/// Random changes: the incremental text is always that of a fresh rendering.
TEST_F(Incremental, AgreesWithRenderingEverything) {
    const Names templates = {
        "{{cfg.a}} {{cfg.t.x}}",
        "{{#each cfg.l}}{{@index}}={{this}},{{/each}}",
        "{{#each cfg.t as |v k|}}{{k}}={{v}};{{/each}}",
        "{{#if cfg.flag}}{{cfg.a}}{{else}}{{cfg.b}}{{/if}}",
        "{{#with cfg.t}}{{x}}{{../cfg.b}}{{@root.cfg.a}}{{/with}}",
        "{{lookup cfg cfg.key}}",
        "{{toJson cfg.t}}",
        "{{strJoin cfg.l \"-\"}} {{#each m}}{{ip}}{{#if alive}}!{{/if}} {{/each}}",
        "{{#eachAlive m as |one|}}{{one.ip}}{{/eachAlive}}",
        "{{> t0.conf}}{{m.[1].ip}}",
        "{{#unless m}}none{{else}}{{m.[0].ip}}{{/unless}}"};
    for (std::size_t i = 0; i < templates.size(); ++i)
        write(fmt::format("t{}.conf", i), templates[i] + "\n");
    Value data = parse_json(R"({"cfg":{"a":1,"b":2,"flag":true,"key":"a","l":[1,2],"t":{"x":1}},)"
                            R"("m":[{"ip":"i0","alive":true},{"ip":"i1","alive":false}]})",
                            "t");
    renderer.add_tree(source, target, {});
    renderer.set_data(data);
    renderer.render_changed();
    Renderer fresh = make_renderer();
    const fs::path other = dir.path() / "fresh";
    fresh.add_tree(source, other, {});

    struct Change {
        const char* pointer;
        std::vector<const char*> parts;
    };
    const std::vector<Change> changes = {
        {"/cfg/a", {"1", "\"x\"", "null"}},
        {"/cfg/b", {"2", "3.5"}},
        {"/cfg/flag", {"true", "false", "[]"}},
        {"/cfg/key", {"\"a\"", "\"b\"", "\"nope\""}},
        {"/cfg/l", {"[]", "[1,2,3]", "[\"q\"]"}},
        {"/cfg/t", {"{\"x\":1}", "{\"y\":2,\"x\":1}", "{}"}},
        {"/m/0", {"{\"ip\":\"a\",\"alive\":true}", "{\"ip\":\"b\",\"alive\":false}"}},
        {"/m/1/ip", {"\"c\"", "\"d\""}},
        {"/m/1/alive", {"true", "false"}}};
    std::mt19937 random(7);
    std::size_t skipped = 0;
    for (int round = 0; round < 300; ++round) {
        const Change& change = changes[random() % changes.size()];
        const Value part = parse_json(change.parts[random() % change.parts.size()], "t");
        renderer.update_data(change.pointer, part);
        skipped += renderer.render_changed().skipped.size();
        if (round == 0) fresh.set_data(data);
        fresh.update_data(change.pointer, part);
        fresh.render_all();
        for (const std::string& name : renderer.names())
            ASSERT_EQ(read(name), read_file(other / name)) << name << " after " << change.pointer;
    }
    EXPECT_GT(skipped, 1000u) << "most templates read little";
}

}  // namespace
}  // namespace hab::config
