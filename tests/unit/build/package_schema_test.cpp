// SPDX-License-Identifier: Apache-2.0
#include "build/package_schema.hpp"

#include <gtest/gtest.h>

#include "base/temp_dir.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

class PackageSchema : public testing::Test {
protected:
    void put(const char* name, const char* text) {
        write_file_atomic(dir_.path() / name, text, {.durable = false});
    }
    std::vector<std::string> check() { return check_package_schema(dir_.path(), plan_); }
    /// Message of what is thrown.
    std::string refused() {
        try {
            (void)check();
            return "accepted";
        } catch (const BuildError& error) {
            EXPECT_EQ(error.exit_code(), 1);
            EXPECT_EQ(error.code(), ErrorCode::invalid_input);
            EXPECT_FALSE(error.hint().empty());
            return error.message();
        }
    }
    TempDir dir_;
    PlanValues plan_;
};

TEST_F(PackageSchema, IsOptional) {
    put("default.toml", "anything = 1\n");
    EXPECT_TRUE(check().empty());
}

TEST_F(PackageSchema, DefaultsMustFit) {
    put("config.schema.toml", "[port]\ntype = 'integer'\nrequired = true\n");
    EXPECT_TRUE(check().empty()) << "a required value may be left to the operator";
    put("default.toml", "port = 80\n");
    EXPECT_TRUE(check().empty());
    put("default.toml", "\nport = '80'\n");
    EXPECT_EQ(refused(), "default.toml:2: port = \"80\" is refused: it must be an integer");
    put("default.toml", "port = \n");
    EXPECT_TRUE(refused().starts_with("default.toml:1:")) << refused();
}

TEST_F(PackageSchema, MustBeASchema) {
    put("config.schema.toml", "[port]\ntyp = 'integer'\n");
    EXPECT_EQ(refused(), "config.schema.toml:2: port: a schema has no word 'typ'");
}

TEST_F(PackageSchema, WarnsOfUnknownDefaultsAndExportedSecrets) {
    put("config.schema.toml", "[db.password]\nsecret = true\n");
    put("default.toml", "other = 1\n");
    plan_.set_map("pkg_exports", {{"password", "db.password"}, {"other", "other"}});
    EXPECT_EQ(check(),
              (std::vector<std::string>{
                  "default.toml:1: nothing knows the key 'other'",
                  "pkg_exports hands the secret 'db.password' to every member of the ring, as "
                  "'password'"}));
}

}  // namespace
}  // namespace hab::build
