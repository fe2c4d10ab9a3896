// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

constexpr const char* redis = R"(
[port]
type = "integer"
min = 1
max = 65535
required = true
description = "Port that clients connect to"

[ratio]
type = "float"
min = 0
max = 1

[log.level]
type = "string"
enum = ["debug", "info", "warn"]

[auth]
password = { type = "string", secret = true, pattern = "[a-z0-9]{4,}" }

[listen]
type = ["string", "integer"]

[backends]
type = "array"
items = "table"
[backends.host]
type = "string"
required = true
[backends.token]
type = "string"
secret = true

[weights]
type = "array"
items = "integer"
max = 10

[env]
type = "table"
items = "string"

[extra]
open = true
[extra.known]
type = "bool"
)";

Schema schema() {
    return Schema::parse(redis, "config.schema.toml");
}

Value user(const std::string& text) {
    return parse_toml(text, "user.toml");
}

/// The sentences about one layer, one to a line.
std::string refused(const std::string& text) {
    std::string all;
    for (const Violation& each : schema().check(user(text)))
        all += each.sentence() + "\n";
    return all;
}

TEST(Schema, AcceptsWhatFits) {
    EXPECT_EQ(refused("port = 6379\nratio = 0.5\nlisten = 'x'\nweights = [1, 10]\n"
                      "[log]\nlevel = 'info'\n[auth]\npassword = 'abcd1'\n"
                      "[[backends]]\nhost = 'a'\n[env]\nA = 'b'\n[extra]\nanything = 5\n"),
              "");
    EXPECT_EQ(refused("ratio = 1\nlisten = 80\n"), "") << "an integer is a float as well";
    EXPECT_EQ(refused("undescribed = 1\n"), "") << "only a warning";
    EXPECT_TRUE(Schema().check(user("a = 1")).empty());
}

TEST(Schema, NamesPlaceKeyValueAndRuleOfWhatDoesNotFit) {
    const struct {
        const char* layer;
        const char* sentence;
    } cases[] = {
        {"port = 99999", "user.toml:1: port = 99999 is refused: it must be at most 65535\n"},
        {"\nport = 0", "user.toml:2: port = 0 is refused: it must be at least 1\n"},
        {"port = '80'", "user.toml:1: port = \"80\" is refused: it must be an integer\n"},
        {"port = 80.0", "user.toml:1: port = 80.0 is refused: it must be an integer\n"},
        {"ratio = 1.5", "user.toml:1: ratio = 1.5 is refused: it must be at most 1\n"},
        {"ratio = nan", "user.toml:1: ratio = null is refused: it must be a number\n"},
        {"listen = true",
         "user.toml:1: listen = true is refused: it must be a string or an integer\n"},
        {"[log]\nlevel = 'loud'",
         "user.toml:2: log.level = \"loud\" is refused: it must be one of "
         "\"debug\",\"info\",\"warn\"\n"},
        {"log = 'info'", "user.toml:1: log = \"info\" is refused: it must be a table\n"},
        {"[[backends]]\nhost = 1",
         "user.toml:2: backends[0].host = 1 is refused: it must be a string\n"},
        {"backends = ['a']",
         "user.toml:1: backends[0] = (secret) is refused: it must be a table\n"},
        {"weights = [1, 11]", "user.toml:1: weights[1] = 11 is refused: it must be at most 10\n"},
        {"weights = [1, 'x']",
         "user.toml:1: weights[1] = \"x\" is refused: it must be an integer\n"},
        {"[env]\nA = 5", "user.toml:2: env.A = 5 is refused: it must be a string\n"},
        {"[extra]\nknown = 1", "user.toml:2: extra.known = 1 is refused: it must be a bool\n"},
    };
    for (const auto& each : cases)
        EXPECT_EQ(refused(each.layer), each.sentence) << each.layer;
}

TEST(Schema, NeverShowsASecret) {
    EXPECT_EQ(refused("[auth]\npassword = 'ABC'"),
              "user.toml:2: auth.password = (secret) is refused: it must match the pattern "
              "[a-z0-9]{4,}\n");
    EXPECT_EQ(refused("auth = 'hunter2'"),
              "user.toml:1: auth = (secret) is refused: it must be a table\n");
    const Value shown = schema().redacted(
        user("port = 1\nauth.password = 'p'\n[[backends]]\nhost = 'h'\ntoken = 't'\n"));
    EXPECT_EQ(to_json(shown), R"j({"port":1,"auth":{"password":"(secret)"},)j"
                              R"j("backends":[{"host":"h","token":"(secret)"}]})j");
    EXPECT_EQ(to_json(schema().redacted(user("auth.pasword = 'p'\nauth.user = 'u'\n"))),
              R"j({"auth":{"pasword":"(secret)","user":"u"}})j")
        << "mistyped, but still a secret";
    EXPECT_TRUE(schema().has_secret("auth.password"));
    EXPECT_TRUE(schema().has_secret("auth"));
    EXPECT_TRUE(schema().has_secret("backends.0.token"));
    EXPECT_FALSE(schema().has_secret("port"));
    EXPECT_FALSE(schema().has_secret("no.such"));
    EXPECT_FALSE(Schema().has_secret("auth"));
}

TEST(Schema, PatternsAreWholeByThemselves) {
    for (const char* bad : {"a)|(b", "(a", "a)", "a)|b", "(a))|((b)", "[a", "[)]a)"}) {
        try {
            (void)Schema::parse("[a]\npattern = '" + std::string(bad) + "'\n", "s");
            ADD_FAILURE() << bad << " was taken";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input) << bad;
            EXPECT_NE(error.message().find("pattern"), std::string::npos) << error.message();
        }
    }
    for (const char* good : {"\\)+", "[)]+", "[])]+", "[^](]+", "[[:punct:])]+", "(\\))*"}) {
        const Schema one = Schema::parse("[a]\npattern = '" + std::string(good) + "'\n", "s");
        EXPECT_TRUE(one.check(user("a = '))'")).empty()) << good;
        EXPECT_FALSE(one.check(user("a = 'x))('")).empty()) << good;
    }
}

TEST(Schema, PatternsMatchTheWholeText) {
    const Schema one = Schema::parse("[a]\npattern = 'x|yy'\n", "s");
    EXPECT_TRUE(one.check(user("a = 'x'")).empty());
    EXPECT_TRUE(one.check(user("a = 'yy'")).empty());
    EXPECT_FALSE(one.check(user("a = 'xy'")).empty());
    EXPECT_FALSE(one.check(user("a = \"x\\u0000\"")).empty());
    EXPECT_FALSE(one.check(user("a = \"x\\n\"")).empty());
    EXPECT_TRUE(one.check(user("a = 5")).empty()) << "a pattern says nothing about numbers";
    const Schema any = Schema::parse("[a]\npattern = '(a|b)*'\n", "s");
    EXPECT_TRUE(any.check(user("a = '" + std::string(60000, 'a') + "'")).empty());
    EXPECT_FALSE(any.check(user("a = '" + std::string(70000, 'a') + "'")).empty());
}

TEST(Schema, TellsWhatIsMissingInTheMergedConfiguration) {
    const auto missing = schema().missing(user("[[backends]]\nhost = 'a'\n[[backends]]\nx = 1\n"));
    ASSERT_EQ(missing.size(), 2u);
    EXPECT_EQ(missing[0].sentence(), "port is not set: the package requires a value");
    EXPECT_EQ(
        missing[0].help,
        "set it in user.toml; config.schema.toml:2 requires it: Port that clients connect to");
    EXPECT_EQ(missing[1].key, "backends[1].host");
    EXPECT_TRUE(schema().missing(user("port = 1")).empty());
    const Schema nested = Schema::parse("[tls.key]\nrequired = true\n", "s");
    EXPECT_TRUE(nested.missing(user("a = 1")).empty()) << "the table is optional";
    EXPECT_EQ(nested.missing(user("[tls]\ncert = 'x'")).size(), 1u);
}

TEST(Schema, WarnsOfUnknownKeysAndSuggestsNearOnes) {
    const Value defaults = user("undescribed = 1\n[log]\nfile = 'x'\n");
    std::string all;
    for (const UnknownKey& each :
         schema().unknown(user("prot = 1\nundescribed = 2\n[log]\nlevl = 'info'\nfile = 'y'\n"
                               "[env]\nA = 'x'\n[extra]\ny = 1\n[[backends]]\nhots = 'a'\n"
                               "[completely]\ndifferent = 1\n"),
                          defaults)) {
        all += each.sentence() + "\n";
    }
    EXPECT_EQ(all,
              "user.toml:1: nothing knows the key 'prot'; did you mean 'port'?\n"
              "user.toml:4: nothing knows the key 'log.levl'; did you mean 'log.level'?\n"
              "user.toml:11: nothing knows the key 'backends[0].hots'; did you mean "
              "'backends[0].host'?\n"
              "user.toml:12: nothing knows the key 'completely'\n");
    EXPECT_TRUE(Schema().unknown(user("a = 1"), defaults).empty());
}

TEST(Schema, KnowsWhichPathsMayExist) {
    const Schema known = schema();
    for (const char* path : {"port", "log", "log.level", "backends.*.host", "backends.0.host",
                             "env.ANY", "env.*", "extra.whatever", "log.**", "weights.*"}) {
        EXPECT_TRUE(known.describes(path)) << path;
    }
    for (const char* path : {"prot", "log.levl", "backends.*.hots", "nope.x"})
        EXPECT_FALSE(known.describes(path)) << path;
    EXPECT_TRUE(Schema().describes("anything"));
    EXPECT_EQ(known.names("log"), std::vector<std::string>{"level"});
}

TEST(Schema, ASettingMayHaveTheNameOfAWord) {
    const Schema one = Schema::parse("[type]\ntype = 'integer'\n[db.enum]\ntype = 'bool'\n", "s");
    EXPECT_EQ(one.check(user("type = 'x'")).size(), 1u);
    EXPECT_EQ(one.check(user("[db]\nenum = 1")).size(), 1u);
    EXPECT_TRUE(one.check(user("type = 1\n[db]\nenum = true")).empty());
}

TEST(Schema, RefusesATextThatIsNoSchema) {
    const struct {
        const char* text;
        const char* message;
    } cases[] = {
        {"[a]\ntype = 'int'", "s:2: a: there is no type 'int'"},
        {"[a]\ntype = 5", "s:2: a: a type must be text, not a value of type integer"},
        {"[a]\ntype = []", "s:2: a: type names no type"},
        {"[a]\nmim = 1", "s:2: a: a schema has no word 'mim'"},
        {"a = 1", "s:1: the configuration: a schema has no word 'a'"},
        {"[a]\nrequired = 'yes'", "s:2: a: required must be true or false"},
        {"[a]\nmin = '1'", "s:2: a: min must be a number"},
        {"[a]\ntype = 'string'\nmin = 1", "s:1: a: min and max are for numbers"},
        {"[a]\nmin = 3\nmax = 2.5", "s:1: a: max is less than min, so that no value fits"},
        {"[a]\nenum = []", "s:2: a: enum must be a list of the allowed values"},
        {"[a]\ntype = 'integer'\nenum = ['x']",
         "s:1: a: a value of enum is not of the setting's type"},
        {"[a]\ntype = 'integer'\npattern = 'x'", "s:1: a: pattern is for text"},
        {"[a]\nitems = 'string'", "s:1: a: items needs type = \"array\" or type = \"table\""},
        {"[a]\ntype = 'string'\n[a.b]\n",
         "s:1: a: it has members, but it is no table and no array "
         "of tables"},
        {"[a]\ndescription = 1", "s:2: a: description must be text"},
        {"required = true",
         "s:1: the configuration as a whole is a table, and neither required "
         "nor secret"},
    };
    for (const auto& each : cases) {
        try {
            (void)Schema::parse(each.text, "s");
            ADD_FAILURE() << "accepted: " << each.text;
        } catch (const Error& error) {
            EXPECT_EQ(error.message(), each.message);
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            EXPECT_EQ(exit_code(error), 1);
        }
    }
    EXPECT_THROW((void)Schema::parse("[a", "s"), Error);
    try {
        (void)Schema::parse("[a]\npattern = '['\n", "s");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_TRUE(error.message().starts_with("s:2: a: the pattern '[' is none: "))
            << error.message();
    }
    try {
        (void)Schema::parse("[a]\nrequierd = true\n", "s");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.hint(), "did you mean 'required'?");
    }
}

TEST(Schema, ErrorTellsTheFirstViolationsAndTheRulesPlace) {
    const auto found = schema().check(user("port = 0\nratio = 2\nweights = [11, 12]\n"));
    const Error error = violation_error(found);
    EXPECT_EQ(error.message(),
              "user.toml:1: port = 0 is refused: it must be at least 1; "
              "user.toml:2: ratio = 2 is refused: it must be at most 1; "
              "user.toml:3: weights[0] = 11 is refused: it must be at most 10; and 1 more");
    EXPECT_EQ(error.hint(), "the rule is in config.schema.toml:2: Port that clients connect to");
    EXPECT_EQ(exit_code(error), 1);
}

TEST(Schema, AMissingFileAllowsEverything) {
    const TempDir dir;
    EXPECT_FALSE(Schema::read_if_exists(dir.path() / "config.schema.toml"));
}

}  // namespace
}  // namespace hab::config
