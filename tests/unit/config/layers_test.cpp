// SPDX-License-Identifier: Apache-2.0
#include "config/layers.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "config/origins.hpp"
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
                fake_environment(std::move(environment)), dir.path() / "config.schema.toml"};
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

TEST_F(ServiceConfigTest, TellsWhatAChangeChanged) {
    write_file_atomic(dir.path() / "default.toml", "a = 1\n[t]\nx = 1\ny = 1\n");
    ServiceConfig config = ServiceConfig::load(sources());
    EXPECT_TRUE(config.changed().empty());
    write_file_atomic(dir.path() / "user.toml", "[t]\ny = 2\n");
    EXPECT_TRUE(config.reload_user());
    EXPECT_EQ(config.changed(), std::vector<std::string>{"/t/y"});
    EXPECT_TRUE(config.set_ring(toml("new = 1")));
    EXPECT_EQ(config.changed(), std::vector<std::string>{"/new"});
}

TEST_F(ServiceConfigTest, OrderOf2016PutsTheEnvironmentLastAndMergesAtTheTopOnly) {
    write_file_atomic(dir.path() / "default.toml", "a = 1\n[t]\nx = 1\ny = 1\n");
    write_file_atomic(dir.path() / "user.toml", "a = 3\n[t]\ny = 3\n");
    LayerSources from = sources({{"HAB_REDIS", "a = 2"}});
    from.order = layer_order_from("2016");
    ServiceConfig config = ServiceConfig::load(from);
    EXPECT_EQ(to_json(config.merged()), R"({"a":2,"t":{"y":3}})");
    EXPECT_TRUE(config.set_ring(toml("a = 4\n[t]\nz = 4")));
    EXPECT_EQ(to_json(config.merged()), R"({"a":2,"t":{"z":4}})");
    from.order = layer_order_from("current");
    EXPECT_EQ(to_json(ServiceConfig::load(from).merged()), R"({"a":3,"t":{"x":1,"y":3}})");
    try {
        (void)layer_order_from("2017");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "'2017' is no order of configuration layers");
        EXPECT_EQ(exit_code(error), 2);
    }
}

TEST_F(ServiceConfigTest, EveryLayerKnowsItsOrigin) {
    write_file_atomic(dir.path() / "default.toml", "a = 1\nb = 1\nc = 1\nd = 1\n");
    write_file_atomic(dir.path() / "user.toml", "\nc = 3\n");
    ServiceConfig config = ServiceConfig::load(sources({{"HAB_REDIS", R"({"b": 2})"}}));
    config.set_ring(parse_ring_layer("\n\nd = 4\n", 42));
    const std::string at = dir.path().string();
    std::string all;
    for (const OriginRow& row : origin_rows(config.merged(), config.schema()))
        all += row.path + " = " + row.value + "  " + row.origin + "\n";
    EXPECT_EQ(all, "a = 1  " + at + "/default.toml:1\nb = 2  environment HAB_REDIS\nc = 3  " + at +
                       "/user.toml:2\nd = 4  ring version 42:3\n");
}

TEST_F(ServiceConfigTest, OriginsHideSecretsAndQuoteKeys) {
    write_file_atomic(dir.path() / "config.schema.toml", "[t.pass]\nsecret = true\n");
    write_file_atomic(dir.path() / "user.toml", "[t]\npass = 'p'\n'a key' = [1]\n[t.empty]\n");
    const ServiceConfig config = ServiceConfig::load(sources());
    const auto rows = origin_rows(config.merged(), config.schema());
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].path + "=" + rows[0].value, "t.pass=(secret)");
    EXPECT_EQ(rows[1].path + "=" + rows[1].value, "t.\"a key\"=[1]");
    EXPECT_EQ(rows[2].path + "=" + rows[2].value, "t.empty={}");
    EXPECT_EQ(to_json(config.redacted()), R"j({"t":{"pass":"(secret)","a key":[1],"empty":{}}})j");
    EXPECT_EQ(to_json(*config.merged().at_path("t.pass")), R"("p")");
}

class SchemaLayersTest : public ServiceConfigTest {
protected:
    void SetUp() override {
        write_file_atomic(dir.path() / "config.schema.toml",
                          "[port]\ntype = 'integer'\nmax = 65535\nrequired = true\n");
    }
    void put(const char* name, const char* text) { write_file_atomic(dir.path() / name, text); }
    /// Message of what load() throws.
    std::string refused(std::map<std::string, std::string> environment = {}) {
        try {
            (void)ServiceConfig::load(sources(std::move(environment)));
            return "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            return error.message();
        }
    }
};

TEST_F(SchemaLayersTest, EveryLayerIsChecked) {
    EXPECT_EQ(refused(), "port is not set: the package requires a value");
    EXPECT_EQ(refused({{"HAB_REDIS", "port = 70000"}}),
              "environment HAB_REDIS:1: port = 70000 is refused: it must be at most 65535");
    put("user.toml", "port = 'x'\n");
    EXPECT_EQ(
        refused({{"HAB_REDIS", "port = 7"}}),
        (dir.path() / "user.toml").string() + ":1: port = \"x\" is refused: it must be an integer");
    put("user.toml", "port = 1\n");
    EXPECT_EQ(refused(), "accepted");
    put("default.toml", "port = []\n");
    EXPECT_EQ(refused(), (dir.path() / "default.toml").string() +
                             ":1: port = [] is refused: it must be an integer");
}

TEST_F(SchemaLayersTest, ARefusedChangeLeavesTheOldConfiguration) {
    put("user.toml", "port = 1\n");
    ServiceConfig config = ServiceConfig::load(sources());
    put("user.toml", "port = 70000\n");
    EXPECT_THROW(config.reload_user(), Error);
    EXPECT_EQ(to_json(config.merged()), R"({"port":1})");
    put("user.toml", "other = 1\n");
    EXPECT_THROW(config.reload_user(), Error) << "a required value went away";
    EXPECT_EQ(to_json(config.merged()), R"({"port":1})");
    try {
        config.set_ring(parse_ring_layer("port = 0x10000", 7));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(),
                  "ring version 7:1: port = 65536 is refused: it must be at most 65535");
    }
    EXPECT_EQ(config.generation(), 1u);
    EXPECT_TRUE(config.set_ring(parse_ring_layer("port = 2", 8)));
    EXPECT_EQ(to_json(config.merged()), R"({"port":2})");
}

TEST_F(SchemaLayersTest, UnknownKeysAreWarnings) {
    put("default.toml", "port = 1\nknown = 1\n");
    put("user.toml", "prot = 2\nknown = 2\n");
    const ServiceConfig config = ServiceConfig::load(sources());
    EXPECT_EQ(config.warnings(),
              std::vector<std::string>{(dir.path() / "user.toml").string() +
                                       ":1: nothing knows the key 'prot'; did you mean 'port'?"});
}

TEST_F(SchemaLayersTest, ABrokenSchemaIsAnError) {
    put("config.schema.toml", "[port]\ntype = 'number'\n");
    EXPECT_EQ(refused(),
              (dir.path() / "config.schema.toml").string() + ":2: port: there is no type 'number'");
}

}  // namespace
}  // namespace hab::config
