// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab {
namespace {

TEST(Json, KeepsOrderAndNumbersExactly) {
    const std::string text =
        R"({"z":1,"a":[true,null,9007199254740993,-5,0.1,1.0],"t":"\u00e9\n"})";
    const Value value = parse_json(text, "test");
    EXPECT_EQ(to_json(value),
              "{\"z\":1,\"a\":[true,null,9007199254740993,-5,0.1,1.0],\"t\":\"é\\n\"}");
}

TEST(Json, FloatsReadBackTheSame) {
    // Each of these is off by one unit in the last place when converted digit by digit.
    for (const char* text :
         {"26666666666666666666666666666666666666666666666666", "0.1e-6", "8.41e21",
          "18446744073709551615", "-123456789012345678901234567890", "1.7976931348623157e308"}) {
        const std::string once = to_json(parse_json(text, "t"));
        EXPECT_EQ(to_json(parse_json(once, "t")), once) << text;
        EXPECT_EQ(*parse_json(text, "t").as_double(), std::strtod(text, nullptr)) << text;
    }
}

TEST(Json, PrettyFormEndsWithANewline) {
    EXPECT_EQ(to_json(parse_json(R"({"a":[1],"b":{}})", "t"), true),
              "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}\n");
}

TEST(Json, RefusesBadDocumentsWithTheirName) {
    for (const std::string& text : {std::string("{"), std::string("[1,]"), std::string("1 2"),
                                    std::string(""), std::string("1e400"), std::string(200, '[')}) {
        try {
            static_cast<void>(parse_json(text, "answer.json"));
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            EXPECT_NE(std::string(error.what()).find("answer.json"), std::string::npos);
        }
    }
}

TEST(Json, EscapesControlCharacters) {
    std::string out;
    append_json_string(out, std::string("\"\\\x01\x7f", 4));
    EXPECT_EQ(out, "\"\\\"\\\\\\u0001\x7f\"");
}

}  // namespace
}  // namespace hab
