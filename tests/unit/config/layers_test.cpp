// SPDX-License-Identifier: Apache-2.0
#include "config/layers.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

Value toml(const char* text) {
    return parse_toml(text, "t");
}

EnvironmentLookup fake_environment(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST(Merge, OverlaysTablesAndReplacesTheRest) {
    const Value merged = merge(toml("a = 1\nl = [1, 2]\n[t]\nx = 1\ny = 2\n[gone]\nz = 1\n"),
                               toml("l = [3]\nnew = true\ngone = 5\n[t]\ny = 20\nw = 3\n"));
    EXPECT_EQ(to_json(merged), R"({"a":1,"l":[3],"t":{"x":1,"y":20,"w":3},"gone":5,"new":true})");
}

TEST(Merge, KeepsTheOriginOfTheWinningLayer) {
    const Value merged = merge(parse_toml("a = 1\nb = 1", "low"), parse_toml("\nb = 2", "high"));
    EXPECT_EQ(describe_origin(*merged.at_path("a")), "low:1");
    EXPECT_EQ(describe_origin(*merged.at_path("b")), "high:2");
}

TEST(Merge, BoundsTheDepth) {
    Value deep(1);
    for (int i = 0; i < 40; ++i) {
        Object table;
        table.set("k", std::move(deep));
        deep = Value(std::move(table));
    }
    EXPECT_THROW((void)merge(deep, deep), Error);
}

TEST(EnvironmentLayer, TakesTomlOrJson) {
    EXPECT_EQ(environment_variable("my-redis"), "HAB_MY_REDIS");
    const auto layer = [](const char* text) {
        return environment_layer("my-redis", fake_environment({{"HAB_MY_REDIS", text}}));
    };
    EXPECT_FALSE(environment_layer("other", fake_environment({{"HAB_MY_REDIS", "a=1"}})));
    EXPECT_FALSE(layer(" \n"));
    EXPECT_EQ(to_json(*layer("port = 1")), R"({"port":1})");
    EXPECT_EQ(to_json(*layer(R"({"port": 2})")), R"({"port":2})");
    EXPECT_EQ(describe_origin(*layer("port = 1")->at_path("port")), "environment HAB_MY_REDIS:1");
    EXPECT_EQ(describe_origin(*layer(R"({"port": 2})")->at_path("port")),
              "environment HAB_MY_REDIS");
}

TEST(EnvironmentLayer, TellsTheTomlErrorOfTextThatIsNeither) {
    try {
        (void)environment_layer("redis", fake_environment({{"HAB_REDIS", "port = "}}));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_TRUE(error.message().starts_with("environment HAB_REDIS:1:")) << error.message();
        EXPECT_NE(error.hint().find("TOML (a = 1) or JSON"), std::string::npos);
    }
    EXPECT_THROW((void)environment_layer("redis", fake_environment({{"HAB_REDIS", "[1, 2]"}})),
                 Error);
}

class ServiceConfigTest : public testing::Test {
protected:
    LayerSources sources(std::map<std::string, std::string> environment = {}) {
        return {"redis", dir.path() / "default.toml", dir.path() / "user.toml",
                fake_environment(std::move(environment))};
    }
    TempDir dir;
};

TEST_F(ServiceConfigTest, LaterLayersWin) {
    write_file_atomic(dir.path() / "default.toml", "a = 1\nb = 1\nc = 1\nd = 1\n");
    write_file_atomic(dir.path() / "user.toml", "c = 3\nd = 3\n");
    ServiceConfig config = ServiceConfig::load(sources({{"HAB_REDIS", "b = 2\nc = 2\nd = 2"}}));
    EXPECT_EQ(to_json(config.merged()), R"({"a":1,"b":2,"c":3,"d":3})");
    EXPECT_EQ(config.generation(), 1u);
    EXPECT_TRUE(config.set_ring(toml("d = 4")));
    EXPECT_EQ(to_json(config.merged()), R"({"a":1,"b":2,"c":3,"d":4})");
    EXPECT_FALSE(config.set_ring(toml("d = 4")));
    EXPECT_EQ(config.generation(), 2u);
    EXPECT_TRUE(config.set_ring(std::nullopt));
}

TEST_F(ServiceConfigTest, MissingFilesAreEmptyLayers) {
    EXPECT_EQ(to_json(ServiceConfig::load(sources()).merged()), "{}");
}

TEST_F(ServiceConfigTest, ReloadsUserToml) {
    write_file_atomic(dir.path() / "default.toml", "a = 1\n");
    ServiceConfig config = ServiceConfig::load(sources());
    EXPECT_FALSE(config.reload_user());
    write_file_atomic(dir.path() / "user.toml", "a = 2\n");
    EXPECT_TRUE(config.reload_user());
    EXPECT_EQ(to_json(config.merged()), R"({"a":2})");
    write_file_atomic(dir.path() / "user.toml", "# same\na = 2\n");
    EXPECT_FALSE(config.reload_user());
    fs::remove(dir.path() / "user.toml");
    EXPECT_TRUE(config.reload_user());
    EXPECT_EQ(to_json(config.merged()), R"({"a":1})");
}

TEST_F(ServiceConfigTest, KeepsTheOldLayerWhenUserTomlBreaks) {
    write_file_atomic(dir.path() / "user.toml", "a = 2\n");
    ServiceConfig config = ServiceConfig::load(sources());
    write_file_atomic(dir.path() / "user.toml", "a = \n");
    EXPECT_THROW(config.reload_user(), Error);
    EXPECT_EQ(to_json(config.merged()), R"({"a":2})");
    EXPECT_TRUE(config.set_ring(toml("b = 1")));
    EXPECT_EQ(to_json(config.merged()), R"({"a":2,"b":1})");
}

TEST_F(ServiceConfigTest, DoesNotStartWithABrokenLayer) {
    write_file_atomic(dir.path() / "default.toml", "a = \n");
    EXPECT_THROW((void)ServiceConfig::load(sources()), Error);
}

}  // namespace
}  // namespace hab::config
