// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http_gateway.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor {
namespace {

using testing::HasSubstr;

class HttpGatewayTest : public testing::Test {
protected:
    HttpGatewayTest() {
        state_.list.push_back(std::make_shared<ServiceSnapshot>(test::nginx_snapshot()));
        state_.system_state.member_id = "0123456789abcdef0123456789abcdef";
        state_.system_state.http_gateway_port = 9631;
        state_.sup_paths.sup_root = "/hab/sup/default";
    }
    void set_health(Health health) {
        auto service = test::nginx_snapshot();
        service.health.health = health;
        state_.list = {std::make_shared<ServiceSnapshot>(std::move(service))};
    }
    net::HttpServerResponse get(const std::string& path, const std::string& authorization = {}) {
        net::HttpServerRequest request;
        request.method = "GET";
        request.path = path;
        if (!authorization.empty()) request.headers.emplace_back("authorization", authorization);
        return answer_http(state_, token_, request);
    }
    Value body(const net::HttpServerResponse& response) {
        return parse_json(response.body ? *response.body : "", "answer");
    }
    std::string text(const Value& value, std::string_view path) {
        const Value* const found = value.at_path(path);
        return found == nullptr ? "absent" : to_json(*found);
    }

    test::FakeState state_;
    std::string token_;
};

TEST_F(HttpGatewayTest, ServiceHasUpstreamsFields) {
    const auto response = get("/services/nginx/default");
    ASSERT_EQ(response.status, 200u);
    EXPECT_EQ(response.content_type, "application/json");
    const Value service = body(response);
    EXPECT_EQ(text(service, "service_group"), R"("nginx.default")");
    EXPECT_EQ(text(service, "spec_ident"),
              R"({"origin":"core","name":"nginx","version":null,"release":null})");
    EXPECT_EQ(text(service, "spec_identifier"), R"("core/nginx")");
    EXPECT_EQ(text(service, "desired_state"), R"("Up")");
    EXPECT_EQ(text(service, "health_check"), R"("Ok")");
    EXPECT_EQ(text(service, "health_check_interval"), R"({"secs":30,"nanos":0})");
    EXPECT_EQ(text(service, "process"), R"({"pid":4711,"state":"up","state_entered":1000})");
    EXPECT_EQ(text(service, "last_process_state"), "null");
    EXPECT_EQ(text(service, "restart_config.cooldown_period"), R"({"secs":300,"nanos":0})");
    EXPECT_EQ(text(service, "binds"), R"(["db:pg.default"])");
    EXPECT_EQ(text(service, "cfg"), R"({"port":8080})");
    EXPECT_EQ(text(service, "hooks.run.render_pair"), R"("/hab/svc/nginx/hooks/run")");
    EXPECT_EQ(text(service, "hooks.health_check.stdout_log_path"), R"("/o")");
    EXPECT_EQ(text(service, "hooks.post_stop"), "null");
    EXPECT_EQ(text(service, "pkg.shutdown_signal"), R"("QUIT")");
    EXPECT_EQ(text(service, "pkg.deps"),
              R"([{"origin":"core","name":"zlib","version":"1.3","release":"20260101000001"}])");
    EXPECT_EQ(text(service, "sys.http_gateway_port"), "9631");
    EXPECT_EQ(text(service, "manager_fs_cfg.sup_root"), R"("/hab/sup/default")");
    EXPECT_EQ(text(service, "config_from"), "null");
}

TEST_F(HttpGatewayTest, ListsEveryServiceAlsoThoseThatAreDown) {
    auto down = test::nginx_snapshot();
    down.name = "redis";
    down.group = "redis.blue@acme";
    down.pid.reset();
    down.pkg.reset();
    down.desired_up = false;
    down.failure = "no such user 'hab'";
    state_.list.push_back(std::make_shared<ServiceSnapshot>(std::move(down)));
    const Value list = body(get("/services"));
    ASSERT_EQ(list.as_array()->size(), 2u);
    const Value& second = list.as_array()->at(1);
    EXPECT_EQ(text(second, "process"), R"({"pid":null,"state":"down","state_entered":1000})");
    EXPECT_EQ(text(second, "desired_state"), R"("Down")");
    EXPECT_EQ(text(second, "failure"), R"("no such user 'hab'")");
    EXPECT_EQ(text(second, "pkg"), "null");
    EXPECT_EQ(get("/services/redis/blue/acme").status, 200u);
    EXPECT_EQ(get("/services/redis/blue").status, 404u);  // another organization is another group
    EXPECT_EQ(get("/services/redis/blue/acme/config").status, 200u);
    state_.list.clear();
    EXPECT_EQ(*get("/services/").body, "[]");
}

TEST_F(HttpGatewayTest, ConfigIsTheMergedConfiguration) {
    EXPECT_EQ(*get("/services/nginx/default/config").body, R"({"port":8080})");
}

TEST_F(HttpGatewayTest, HealthMapsToHttpStatus) {
    EXPECT_EQ(*get("/services/nginx/default/health").body,
              R"({"status":"OK","stdout":"fine\n","stderr":""})");
    EXPECT_EQ(get("/services/nginx/default/health").status, 200u);
    set_health(Health::warning);
    EXPECT_EQ(get("/services/nginx/default/health").status, 200u);
    set_health(Health::critical);
    EXPECT_EQ(get("/services/nginx/default/health").status, 503u);
    set_health(Health::unknown);
    const auto unknown = get("/services/nginx/default/health");
    EXPECT_EQ(unknown.status, 500u);
    EXPECT_EQ(text(body(unknown), "status"), R"("UNKNOWN")");
}

TEST_F(HttpGatewayTest, AnswersWhatIsNotThere) {
    EXPECT_EQ(get("/services/redis/default").status, 404u);
    EXPECT_EQ(get("/services/nginx/blue").status, 404u);
    EXPECT_EQ(get("/services/nginx").status, 404u);
    EXPECT_EQ(get("/services/nginx/default/x/y/z").status, 404u);
    EXPECT_EQ(get("/services/ng.inx/default").status, 400u);
    EXPECT_EQ(get("/services//default").status, 400u);
    EXPECT_EQ(get("/elsewhere").status, 404u);
    EXPECT_EQ(get("/").status, 200u);
    EXPECT_THAT(*get("/").body, HasSubstr("/services"));
}

TEST_F(HttpGatewayTest, IsReadOnly) {
    net::HttpServerRequest request;
    request.method = "POST";
    request.path = "/services";
    EXPECT_EQ(answer_http(state_, token_, request).status, 405u);
}

TEST_F(HttpGatewayTest, AsksForTheTokenOnEveryRoute) {
    token_ = "s3cret";
    for (const char* path : {"/", "/services", "/services/nginx/default/health", "/elsewhere"}) {
        EXPECT_EQ(get(path).status, 401u) << path;
        EXPECT_EQ(get(path).body, nullptr) << path;
        EXPECT_EQ(get(path, "Bearer wrong!").status, 401u) << path;
        EXPECT_EQ(get(path, "s3cret").status, 401u) << path;
        EXPECT_NE(get(path, "Bearer s3cret").status, 401u) << path;
    }
}

}  // namespace
}  // namespace hab::supervisor
