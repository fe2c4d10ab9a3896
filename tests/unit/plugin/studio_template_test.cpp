// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <hab/plugin.h>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::ElementsAre;

/// A registry of the good fixture.
class Good {
public:
    Good() : registry_((dir_.add("good"), Catalogue::discover(dir_.plan())), no_services()) {}
    Registry* operator->() { return &registry_; }

private:
    PluginDir dir_;
    Registry registry_;
};

TEST(StudioPlugin, ProbeAndList) {
    Good registry;
    const auto studio = registry->studio("fake");
    const auto probe = studio.probe();
    EXPECT_FALSE(probe.usable);
    EXPECT_THAT(probe.reasons, ElementsAre("no \"root\" here"));
    EXPECT_EQ(studio.list("/home"), R"([{"name":"a","root":"/home/a","type":"default"}])");
}

StudioSpec spec() {
    StudioSpec spec;
    spec.root_dir = "/studios/x";
    spec.name = "x";
    spec.mounts.push_back({.kind = HAB_MOUNT_BIND, .source = "/here", .target = "/src"});
    spec.limits = StudioLimits{.pids = 9};
    spec.network = true;
    return spec;
}

TEST(StudioPlugin, EverythingArrivesInRun) {
    Good registry;
    const auto open = registry->studio("fake").open(spec());
    StudioExec exec;
    exec.argv = {"sh"};
    exec.env = {{"k", "v"}};
    exec.cwd = "/src";
    exec.tty = true;
    const auto result = open.run(exec);
    EXPECT_EQ(result.exit_code, 7);
    EXPECT_TRUE(result.timed_out);
    EXPECT_FALSE(result.cancelled);
    EXPECT_EQ(result.wall_ms, 12u);
    open.remove();
    open.remove();
}

TEST(StudioPlugin, RefusedRemoval) {
    Good registry;
    auto stuck = spec();
    stuck.name = "stuck";
    const auto open = registry->studio("fake").open(stuck);
    const auto error = error_of([&] { open.remove(); });
    EXPECT_EQ(error.code(), ErrorCode::denied);
    EXPECT_EQ(error.message(), "studio fake: something is mounted below");
}

TEST(TemplatePlugin, CompileLoadUpdateRender) {
    Good registry;
    const auto engine = registry->template_engine("echo");
    const auto compiled = engine.compile("a.conf", "text");
    auto data = engine.load(R"({"a":1})");
    engine.update(data, "/a", "2");
    std::vector<std::uint32_t> reads;
    EXPECT_EQ(engine.render(compiled, data, &reads), R"(text|/={"a":1}|/a=2)");
    EXPECT_THAT(reads, ElementsAre(0, 7));
    EXPECT_EQ(engine.pattern(7), "cfg.p7");
    EXPECT_EQ(engine.render(compiled, data), R"(text|/={"a":1}|/a=2)");
}

TEST(TemplatePlugin, ErrorsHaveAPosition) {
    Good registry;
    const auto engine = registry->template_engine("echo");
    const auto error = error_of([&] { (void)engine.compile("config/a.conf", "{{#if"); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_EQ(error.message(), "config/a.conf:1:3: tag is not closed\n  1 | {{#if\n    |   ^");
    EXPECT_EQ(engine.source("config/a.conf"), "");  // there is no such template
    auto data = engine.load("{}");
    EXPECT_EQ(error_of([&] { engine.update(data, "/nowhere/x", "1"); }).code(),
              ErrorCode::not_found);
}

TEST(TemplatePlugin, KeepsTheTextOfATemplateWhoseNextVersionIsBroken) {
    Good registry;
    const auto engine = registry->template_engine("echo");
    const auto compiled = engine.compile("a.conf", "text");
    (void)error_of([&] { (void)engine.compile("a.conf", "{{#if"); });
    EXPECT_EQ(engine.source("a.conf"), "text");
}

TEST(TemplatePlugin, SaysThatAnEngineCannotInspect) {
    Good registry;
    const auto engine = registry->template_engine("echo");
    const auto compiled = engine.compile("a.conf", "text");
    EXPECT_FALSE(engine.can_inspect());
    const auto error = error_of([&] { (void)engine.inspect(compiled); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_EQ(error.message(), "template echo cannot tell what a template refers to");
}

TEST(TemplatePlugin, HandlesMoveAndOutliveTheEngineObject) {
    Good registry;
    auto engine = std::make_unique<TemplateEngine>(registry->template_engine("echo"));
    auto first = engine->compile("a", "1");
    auto second = engine->compile("b", "2");
    first = std::move(second);
    const auto data = engine->load("{}");
    EXPECT_EQ(engine->render(first, data), "2|/={}");
    engine.reset();  // the handles are released afterwards, without their engine object
}

}  // namespace
}  // namespace hab::plugin::test
