// SPDX-License-Identifier: Apache-2.0
// What a build makes of config.schema.toml.
#include "integration/build/build_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class SchemaBuild : public BuildWorld {};

TEST_F(SchemaBuild, TheSchemaIsPartOfThePackage) {
    plan("tide", "");
    file("tide/default.toml", "port = 80\n");
    file("tide/config.schema.toml", "[port]\ntype = \"integer\"\n");
    const auto built = build("tide");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("config.schema.toml"), "[port]\ntype = \"integer\"\n");
}

TEST_F(SchemaBuild, DefaultsThatViolateItAreRefused) {
    plan("tide", "");
    file("tide/default.toml", "port = 99999\n");
    file("tide/config.schema.toml",
         "[port]\ntype = \"integer\"\nmax = 65535\ndescription = \"Where clients connect\"\n");
    const auto built = build("tide");
    EXPECT_EQ(built.exit_code, 1) << built.out << built.err;
    EXPECT_THAT(built.err,
                HasSubstr("default.toml:1: port = 99999 is refused: it must be at most 65535"));
    EXPECT_FALSE(fs::exists(results("last_build.env")));
}

}  // namespace
}  // namespace hab::test
