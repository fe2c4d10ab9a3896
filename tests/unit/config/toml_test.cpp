// SPDX-License-Identifier: Apache-2.0
#include "config/toml.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "config/layers.hpp"

namespace hab::config {
namespace {

TEST(Toml, KeepsKeysInTheOrderTheyWereWritten) {
    const Value value = parse_toml(
        "zeta = 1\nalpha = 2\n[server]\nport = 80\nhost = \"x\"\n[a.b]\nc = 1\n[server.z]\nq = 1\n",
        "default.toml");
    EXPECT_EQ(
        to_json(value),
        R"({"zeta":1,"alpha":2,"server":{"port":80,"host":"x","z":{"q":1}},"a":{"b":{"c":1}}})");
}

TEST(Toml, KeepsKindsApart) {
    const Value value = parse_toml(
        "i = 9007199254740993\nf = 1.0\nb = true\ns = 'x'\nl = [1, 'a', [2]]\nd = 2016-05-27\n"
        "t = 07:32:00\nm = 1979-05-27T07:32:00Z\nlocal = 1979-05-27T07:32:00\n",
        "x");
    EXPECT_EQ(to_json(value), R"({"i":9007199254740993,"f":1.0,"b":true,"s":"x","l":[1,"a",[2]],)"
                              R"("d":"2016-05-27","t":"07:32:00","m":"1979-05-27T07:32:00Z",)"
                              R"("local":"1979-05-27T07:32:00"})");
}

TEST(Toml, RemembersWhereEachValueWasWritten) {
    const Value value = parse_toml("a = 1\n\n[t]\nb = [\n  2,\n  3]\n", "/p/default.toml");
    EXPECT_EQ(describe_origin(*value.at_path("a")), "/p/default.toml:1");
    EXPECT_EQ(describe_origin(*value.at_path("t")), "/p/default.toml:3");
    EXPECT_EQ(describe_origin(*value.at_path("t.b")), "/p/default.toml:4");
    EXPECT_EQ(describe_origin((*value.at_path("t.b")->as_array())[1]), "/p/default.toml:6");
}

TEST(Toml, TellsFileLineAndColumnOfBrokenText) {
    try {
        (void)parse_toml("a = 1\nb = = 2\n", "user.toml");
        FAIL() << "broken TOML was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_TRUE(error.message().starts_with("user.toml:2:5: not valid TOML: "))
            << error.message();
        EXPECT_EQ(error.message().find('\n'), std::string::npos);
        EXPECT_FALSE(error.hint().empty());
        EXPECT_EQ(exit_code(error), 1);
    }
}

TEST(Toml, RefusesARepeatedKeyAndTooDeepNesting) {
    EXPECT_THROW((void)parse_toml("a = 1\na = 2\n", "x"), Error);
    std::string deep = "a = ";
    deep += std::string(40, '[') + std::string(40, ']');
    try {
        (void)parse_toml(deep, "x");
        FAIL() << "40 levels were accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_NE(error.message().find("more than 30 levels deep"), std::string::npos)
            << error.message();
    }
}

TEST(Toml, ReadsFiles) {
    const TempDir dir;
    const fs::path file = dir.path() / "default.toml";
    EXPECT_FALSE(read_toml_if_exists(file).has_value());
    write_file_atomic(file, "a = [");
    try {
        (void)read_toml_if_exists(file);
        FAIL() << "broken TOML was accepted";
    } catch (const Error& error) {
        EXPECT_TRUE(error.message().starts_with(file.string() + ":1:")) << error.message();
    }
}

TEST(TomlWriter, WritesADocumentThatReadsBackTheSame) {
    const char* text =
        "title = \"q\\\"\\\\ \\n \\u0001\"\n"
        "\"a key\" = [1, 2.0, true, { x = 1, \"y z\" = [] }]\n"
        "empty = []\n"
        "\n[server]\nport = 80\n"
        "\n[server.tls]\non = false\n"
        "\n[[server.peer]]\nip = \"a\"\n"
        "\n[[server.peer]]\nip = \"b\"\n";
    const Value value = parse_toml(text, "x");
    const std::string written = to_toml(value);
    EXPECT_EQ(written, text);
    EXPECT_EQ(parse_toml(written, "y"), value);
}

TEST(TomlWriter, PutsPlainValuesBeforeTables) {
    Object table;
    table.set("t", Value(Object{}));
    table.set("later", 1);
    table.set("nothing", nullptr);
    EXPECT_EQ(to_toml(table), "later = 1\n\n[t]\n");
}

TEST(TomlWriter, RefusesWhatTomlCannotSay) {
    EXPECT_THROW((void)to_toml(Value(1)), Error);
    Object table;
    table.set("l", Array{Value(nullptr)});
    EXPECT_THROW((void)to_toml(table), Error);
}

}  // namespace
}  // namespace hab::config
