// SPDX-License-Identifier: Apache-2.0
#include "control/secret.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::control {
namespace {

using testing::HasSubstr;

class SecretTest : public testing::Test {
protected:
    void SetUp() override {
        ::unsetenv("HAB_CTL_SECRET");
        ::unsetenv("HAB_LISTEN_CTL");
        ::setenv("HOME", dir_.path().c_str(), 1);  // ~/.hab/etc for those who are not root
    }
    void TearDown() override {
        ::unsetenv("HAB_CTL_SECRET");
        ::unsetenv("HAB_LISTEN_CTL");
    }
    void write(const fs::path& path, std::string_view content) {
        make_directories(path.parent_path());
        write_file_atomic(path, content);
    }
    void write_cli_toml(std::string_view content) { write(paths_.etc() / "cli.toml", content); }

    TempDir dir_{"secret-"};
    Paths paths_{dir_.path()};
};

TEST_F(SecretTest, ComesFromEnvironmentThenCliTomlThenFile) {
    write(paths_.sup() / "CTL_SECRET", "from-file\n");
    EXPECT_EQ(find_secret(paths_), "from-file");
    write_cli_toml("ctl_secret = \"from-cli-toml\"\n");
    EXPECT_EQ(find_secret(paths_), "from-cli-toml");
    ::setenv("HAB_CTL_SECRET", "from-env", 1);
    EXPECT_EQ(find_secret(paths_), "from-env");
    ::setenv("HAB_CTL_SECRET", "", 1);
    EXPECT_EQ(find_secret(paths_), "from-cli-toml");
}

TEST_F(SecretTest, SaysWhereItLooked) {
    try {
        (void)find_secret(paths_);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), HasSubstr("HAB_CTL_SECRET is not set"));
        EXPECT_THAT(error.message(), HasSubstr((paths_.sup() / "CTL_SECRET").string()));
        EXPECT_THAT(error.hint(), HasSubstr("hab sup run"));
    }
}

TEST_F(SecretTest, RefusesASecretThatIsNotText) {
    write_cli_toml("ctl_secret = 5\n");
    try {
        (void)find_secret(paths_);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_THAT(error.message(), HasSubstr("it is a integer, not a string"));
    }
}

TEST_F(SecretTest, GatewayComesFromOptionEnvironmentCliTomlListenFileDefault) {
    const net::Endpoint local{"127.0.0.1", 4711, {}};
    EXPECT_EQ(find_gateway(paths_, {}, {}).to_string(), "127.0.0.1:9632");
    EXPECT_EQ(find_gateway(paths_, {}, local).to_string(), "127.0.0.1:4711");
    write_cli_toml("listen_ctl = \"10.0.0.1:1000\"\n");
    EXPECT_EQ(find_gateway(paths_, {}, local).to_string(), "10.0.0.1:1000");
    ::setenv("HAB_LISTEN_CTL", "10.0.0.2", 1);
    EXPECT_EQ(find_gateway(paths_, {}, local).to_string(), "10.0.0.2:9632");
    EXPECT_EQ(find_gateway(paths_, "web1", local).to_string(), "web1:9632");
    EXPECT_THROW((void)find_gateway(paths_, "web1:x", local), Error);
}

}  // namespace
}  // namespace hab::control
