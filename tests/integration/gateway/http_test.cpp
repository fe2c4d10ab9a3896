// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

class Http : public GatewayTest {};

TEST_F(Http, ShowsARunningService) {
    long_running("tide");
    write("/hab/user/tide/config/user.toml", "port = 8080\n");
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const Value all = parse_json(get("/services").body, "services");
    ASSERT_EQ(all.as_array()->size(), 1u);
    EXPECT_EQ(get("/services/tide/default/config").body, R"({"port":8080})");
    EXPECT_TRUE(eventually([&] { return get("/services/tide/default/health").status == 200; }));
    EXPECT_EQ(text("tide", "pkg.ident"), "acme/tide/1.0.0/20260101000000");
    EXPECT_EQ(text("tide", "spec_file"), "/hab/sup/default/specs/tide.spec");
    EXPECT_EQ(text("tide", "sys.member_id"), read("/hab/sup/default/MEMBER_ID"));
    EXPECT_EQ(get("/services/other/default").status, 404);
}

TEST_F(Http, ShowsTheConfigurationAfterAChange) {
    long_running("tide");
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(get("/services/tide/default/config").body, R"({"port":80})");
    write("/hab/user/tide/config/user.toml", "port = 81\n");
    EXPECT_TRUE(eventually([&] {
        return get("/services/tide/default/config").body == R"({"port":81})";
    })) << log();
}

TEST_F(Http, HealthFollowsTheHook) {
    package("tide", {{"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"hooks/health-check", "#!/bin/sh\necho checked\nexit 2\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(eventually([&] { return get("/services/tide/default/health").status == 503; }))
        << log();
    EXPECT_EQ(get("/services/tide/default/health").body,
              R"({"status":"CRITICAL","stdout":"checked\n","stderr":""})");
}

TEST_F(Http, AsksForTheToken) {
    RunOptions options;
    options.env = {{"HAB_SUP_GATEWAY_AUTH_TOKEN", "s3cret"}};
    start({}, options);
    EXPECT_EQ(get("/services").status, 401);
    const auto listen = parse_json(read("/hab/sup/default/listen.json"), "listen.json");
    const std::string& address = *listen.at_path("http_gateway")->as_string();
    const int port = std::stoi(address.substr(address.rfind(':') + 1));
    EXPECT_EQ(http_get(port, "/services", "Authorization: Bearer s3cret\r\n").status, 200);
}

}  // namespace
}  // namespace hab::test
