// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/site.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor::http {
namespace {

using testing::HasSubstr;
using testing::Not;

class SiteTest : public testing::Test {
protected:
    SiteTest() {
        state_.list.push_back(std::make_shared<ServiceSnapshot>(test::nginx_snapshot()));
        state_.system_state.member_id = "0123456789abcdef0123456789abcdef";
        state_.system_state.http_gateway_port = 9631;
        state_.sup_paths.sup_root = "/hab/sup/default";
    }
    void show(ServiceSnapshot service) {
        state_.list = {std::make_shared<ServiceSnapshot>(std::move(service))};
        changed();
    }
    /// Pictures are taken when something has happened.
    void changed() { events_.publish(ServiceLoaded{"nginx", "nginx.default", "core/nginx"}); }
    void set_health(Health health) {
        auto service = test::nginx_snapshot();
        service.health.health = health;
        show(std::move(service));
    }
    Site& site() {
        if (!site_) site_.emplace(loop_, settings_, Sources{state_, events_, clock_, paths_});
        return *site_;
    }
    Response get(const std::string& target, const net::HttpHeaders& headers = {},
                 const std::string& peer = "127.0.0.1") {
        Request request;
        request.method = "GET";
        request.path = target.substr(0, target.find('?'));
        if (target.find('?') != std::string::npos)
            request.query = target.substr(target.find('?') + 1);
        request.headers = headers;
        if (net::find_header(headers, "Host").empty())
            request.headers.emplace_back("host", "localhost:9631");
        request.peer = peer;
        return site().answer(request);
    }
    Value body(const Response& response) {
        return parse_json(response.body ? *response.body : "", "answer");
    }
    std::string text(const Value& value, std::string_view path) {
        const Value* const found = value.at_path(path);
        return found == nullptr ? "absent" : to_json(*found);
    }

    TempDir dir_{"site-"};
    Paths paths_{dir_.path()};
    boost::asio::io_context loop_;
    FakeClock clock_;
    EventStream events_{clock_};
    test::FakeState state_;
    SiteSettings settings_ = [] {
        SiteSettings settings;
        settings.boot = "b00t";
        settings.version = "1.0";
        return settings;
    }();
    std::optional<Site> site_;
};

TEST_F(SiteTest, ServiceHasUpstreamsFields) {
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

TEST_F(SiteTest, ListsEveryServiceAlsoThoseThatAreDown) {
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
    changed();
    EXPECT_EQ(*get("/services/").body, "[]");
}

TEST_F(SiteTest, ConfigIsTheMergedConfiguration) {
    EXPECT_EQ(*get("/services/nginx/default/config").body, R"({"port":8080})");
}

TEST_F(SiteTest, HealthMapsToHttpStatus) {
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

TEST_F(SiteTest, AnswersWhatIsNotThere) {
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

TEST_F(SiteTest, PathTricksAreJustPathsThatDoNotExist) {
    for (const char* path :
         {"//services", "/services/../services", "/services/./nginx/default", "/services/nginx",
          "/./services", "/services//nginx/default", "/metrics/x", "/services/nginx/default//",
          "/services/nginx/default/config/../health", "/etc/passwd",
          "/services/a/b/c/d/e/f/g/h/i"}) {
        const auto status = get(path).status;
        EXPECT_TRUE(status == 404 || status == 400) << path << " " << status;
    }
    EXPECT_EQ(get("/services/nginx/default/health/").status, 200u);
    EXPECT_EQ(get("/services/\xff\xfe/default").status, 404u);
}

TEST_F(SiteTest, IsReadOnly) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"}) {
        Request request;
        request.method = method;
        request.path = "/services";
        const auto response = site().answer(request);
        EXPECT_EQ(response.status, 405u) << method;
        EXPECT_EQ(net::find_header(response.headers, "Allow"), "GET, HEAD");
    }
}

TEST_F(SiteTest, AsksForTheTokenOnEveryRoute) {
    settings_.token = "s3cret";
    const auto with = [](const char* text) { return net::HttpHeaders{{"authorization", text}}; };
    for (const char* path : {"/", "/services", "/services/nginx/default/health", "/elsewhere",
                             "/metrics", "/events", "/census"}) {
        EXPECT_EQ(get(path).status, 401u) << path;
        EXPECT_EQ(get(path).body, nullptr) << path;
        EXPECT_FALSE(get(path).stream) << path;
        EXPECT_EQ(get(path, with("Bearer wrong!")).status, 401u) << path;
        EXPECT_EQ(get(path, with("s3cret")).status, 401u) << path;
        EXPECT_NE(get(path, with("Bearer s3cret")).status, 401u) << path;
    }
}

TEST_F(SiteTest, EveryAnswerHasTheGenerationAndUnchangedBytesAreNotSentAgain) {
    const auto first = get("/services");
    EXPECT_EQ(net::find_header(first.headers, "X-Hab-Generation"), "0");
    const std::string tag(net::find_header(first.headers, "ETag"));
    ASSERT_EQ(tag.size(), 18u);
    const auto again = get("/services", {{"If-None-Match", tag}});
    EXPECT_EQ(again.status, 304u);
    EXPECT_EQ(again.body, nullptr);
    EXPECT_EQ(net::find_header(again.headers, "ETag"), tag);
    EXPECT_EQ(get("/services", {{"If-None-Match", "\"a\", W/" + tag}}).status, 304u);
    EXPECT_EQ(get("/services", {{"If-None-Match", "\"a\",,"}}).status, 200u);
    set_health(Health::critical);
    const auto changed = get("/services", {{"If-None-Match", tag}});
    EXPECT_EQ(changed.status, 200u);
    EXPECT_EQ(net::find_header(changed.headers, "X-Hab-Generation"), "1");
    EXPECT_NE(net::find_header(changed.headers, "ETag"), tag);
    EXPECT_EQ(get("/services/nginx/default/health", {{"If-None-Match", "*"}}).status, 503u);
}

TEST_F(SiteTest, TextIsMadeOnceForAllWhoAsk) {
    const auto first = get("/services").body;
    events_.publish(LogLine{LineSource::service_out, "nginx.default", "O", "hello"});
    EXPECT_EQ(get("/services").body, first);
    changed();
    EXPECT_NE(get("/services").body, first);
}

TEST_F(SiteTest, WhatIsNoEventIsSeenSoon) {
    EXPECT_EQ(get("/services").status, 200u);
    auto service = test::nginx_snapshot();
    service.waiting_for = "a bind";
    state_.list = {std::make_shared<ServiceSnapshot>(std::move(service))};
    clock_.advance(std::chrono::milliseconds(250));
    EXPECT_THAT(*get("/services").body, HasSubstr("a bind"));
}

TEST_F(SiteTest, RedactionLeavesOutConfigurationAndRing) {
    settings_.redact = true;
    settings_.routes_2016 = true;  // they show the same things
    auto service = test::nginx_snapshot();
    service.config_refused = "the config-check hook said: listens on 8081";
    show(std::move(service));
    EXPECT_EQ(get("/config").status, 404u);
    EXPECT_EQ(get("/gossip").status, 404u);
    EXPECT_EQ(get("/census").status, 404u);
    EXPECT_EQ(get("/butterfly").status, 404u);
    EXPECT_EQ(get("/services/nginx/default/config").status, 404u);
    EXPECT_EQ(get("/services/nginx/default/config/origins").status, 404u);
    EXPECT_EQ(body(get("/services/nginx/default")).at_path("cfg"), nullptr);
    EXPECT_THAT(*get("/services").body, Not(HasSubstr("808")));
    EXPECT_EQ(get("/services/nginx/default/health").status, 200u);
}

TEST_F(SiteTest, AloneTheCensusIsThisMember) {
    const Value census = body(get("/census"));
    const std::string id = state_.system_state.member_id;
    EXPECT_EQ(text(census, "local_member_id"), '"' + id + '"');
    const Value* const group =
        census.as_object()->find("census_groups")->as_object()->find("nginx.default");
    ASSERT_NE(group, nullptr);
    EXPECT_EQ(text(*group, "service_group"), R"("nginx.default")");
    EXPECT_EQ(text(*group, "election_status"), R"("None")");
    EXPECT_EQ(text(*group, "leader_id"), "null");
    EXPECT_EQ(text(*group, "service_config"), "null");
    EXPECT_EQ(text(*group, "population." + id + ".alive"), "true");
    EXPECT_EQ(text(*group, "population." + id + ".package"),
              R"("core/nginx/1.22.1/20260101000000")");
    const Value butterfly = body(get("/butterfly"));
    EXPECT_EQ(text(butterfly, "member.health." + id), R"("Alive")");
    EXPECT_EQ(text(butterfly, "membership." + id + ".health"), R"("Alive")");
    EXPECT_EQ(butterfly.at_path("services")->as_array()->size(), 1u);
    EXPECT_EQ(text(butterfly, "departed_members"), "[]");
    EXPECT_EQ(text(butterfly, "election.list"), "{}");
}

TEST_F(SiteTest, OriginsSayWhereEachValueIsWritten) {
    auto service = test::nginx_snapshot();
    Value port(8080);
    port.set_origin(std::make_shared<const Origin>(Origin{"user.toml", 3}));
    Object cfg;
    cfg.set("port", std::move(port));
    cfg.set("password", "(secret)");
    service.cfg = std::make_shared<const Value>(std::move(cfg));
    show(std::move(service));
    EXPECT_EQ(*get("/services/nginx/default/config/origins").body,
              R"([{"path":"port","value":"8080","origin":"user.toml:3"},)"
              R"({"path":"password","value":"\"(secret)\"","origin":null}])");
}

TEST_F(SiteTest, GivesTheEndOfALogToThisMachineOnly) {
    const auto logs = paths_.svc("nginx") / "logs";
    make_directories(logs);
    EXPECT_EQ(*get("/services/nginx/default/log").body, R"({"lines":[]})");
    write_file_atomic(logs / "service.log.1", "2026-01-31T11:00:00Z O older\n");
    write_file_atomic(logs / "service.log",
                      "2026-01-31T12:00:00Z O hello <b>\n2026-01-31T12:00:01Z E bad \xff\nhalf");
    EXPECT_EQ(
        *get("/services/nginx/default/log?lines=2").body,
        "{\"lines\":[{\"time\":\"2026-01-31T12:00:00Z\",\"key\":\"O\",\"text\":\"hello <b>\"},"
        "{\"time\":\"2026-01-31T12:00:01Z\",\"key\":\"E\",\"text\":\"bad \xef\xbf\xbd\"}]}");
    EXPECT_THAT(*get("/services/nginx/default/log").body, HasSubstr("older"));
    for (const char* lines : {"0", "-1", "1001", "x", "", "99999999999999999999"})
        EXPECT_EQ(get(std::string("/services/nginx/default/log?lines=") + lines).status, 400u);
    EXPECT_EQ(get("/services/nginx/default/log", {}, "192.0.2.7").status, 403u);
    EXPECT_EQ(get("/events?log=true", {}, "192.0.2.7").status, 403u);
    EXPECT_EQ(get("/services/nginx/default/log", {}, "::1").status, 200u);
    for (const char* here : {"127.0.0.1", "127.0.0.1:9631", "[::1]:9631", "localhost"})
        EXPECT_EQ(get("/services/nginx/default/log", {{"host", here}}).status, 200u) << here;
    for (const char* elsewhere : {"evil.example:9631", "localhost.evil.example", "[::2]", "["})
        EXPECT_EQ(get("/services/nginx/default/log", {{"host", elsewhere}}).status, 403u)
            << elsewhere;
    for (const char* relayed : {"forwarded", "x-forwarded-for", "x-real-ip", "via"})
        EXPECT_EQ(get("/services/nginx/default/log", {{relayed, "192.0.2.7"}}).status, 403u)
            << relayed;
}

TEST_F(SiteTest, ALogThatTheServicePutThereIsNotRead) {
    const auto logs = paths_.svc("nginx") / "logs";
    make_directories(logs);
    write_file_atomic(dir_.path() / "shadow", "a b secret\n");
    std::filesystem::create_symlink(dir_.path() / "shadow", logs / "service.log");
    EXPECT_EQ(*get("/services/nginx/default/log").body, R"({"lines":[]})");
}

TEST_F(SiteTest, TheRoutesOf2016AreThereWhenAskedFor) {
    EXPECT_EQ(get("/status").status, 404u);
    site_.reset();
    settings_.routes_2016 = true;
    clock_.set_wall(WallTime(std::chrono::seconds(1060)));
    EXPECT_EQ(*get("/status").body, "core/nginx/1.22.1/20260101000000: up for PT60S");
    EXPECT_EQ(*get("/health").body, "OK - Finished");
    set_health(Health::critical);
    EXPECT_EQ(get("/health").status, 503u);
    EXPECT_EQ(*get("/health").body, "CRITICAL - Failed");
    EXPECT_THAT(*get("/config").body, HasSubstr("port = 8080"));
    EXPECT_EQ(text(body(get("/census")), "minimum_quorum"), "false");
    EXPECT_EQ(text(body(get("/gossip")), "id"), '"' + state_.system_state.member_id + '"');
    EXPECT_EQ(text(body(get("/election")), "elections"), "{}");
    auto plain = test::nginx_snapshot();
    plain.hooks.erase("health-check");
    show(plain);
    EXPECT_THAT(*get("/health").body, HasSubstr("OK - core/nginx/1.22.1/20260101000000: up"));
    plain.name = "redis";
    plain.group = "redis.default";
    plain.pid.reset();
    state_.list.push_back(std::make_shared<ServiceSnapshot>(plain));
    changed();
    EXPECT_EQ(get("/health").status, 409u);
    EXPECT_EQ(get("/health?service=redis").status, 503u);
    EXPECT_EQ(get("/health?service=no").status, 404u);
}

TEST_F(SiteTest, MetricsCountWhatHappens) {
    EXPECT_EQ(get("/services").status, 200u);
    const auto publish = [&](EventBody event) { events_.publish(std::move(event)); };
    publish(ProcessStarted{"nginx", 1, false});
    publish(ProcessExited{"nginx", 1, {3, 0}});
    publish(ProcessStarted{"nginx", 2, false});
    publish(PhaseChanged{"nginx", ServicePhase::up, ServicePhase::stopping, "config"});
    publish(ProcessExited{"nginx", 2, {0, 15}});
    publish(ProcessStarted{"nginx", 3, false});
    publish(HookEnded{"nginx", "init", {1, 0}, false, 7, std::chrono::milliseconds(40)});
    publish(HookEnded{"nginx", "health-check", {2, 0}, false, 8, std::chrono::milliseconds(2)});
    publish(ConfigRendered{"nginx", {"cfg.port"}, {"config/a", "config/b"}, {}, {"config/a"}});
    publish(InputChanged{"nginx", {}});
    const std::string text = *get("/metrics").body;
    for (const char* line : {
             "hab_service_restarts_total{service=\"nginx\",reason=\"failure\"} 1\n",
             "hab_service_restarts_total{service=\"nginx\",reason=\"change\"} 1\n",
             "hab_services{state=\"up\"} 1\n",
             "hab_services{state=\"failed\"} 0\n",
             "hab_service_up{service=\"nginx\",group=\"nginx.default\"} 1\n",
             "hab_hook_duration_seconds_bucket{service=\"nginx\",hook=\"init\",le=\"0.01\"} 0\n",
             "hab_hook_duration_seconds_bucket{service=\"nginx\",hook=\"init\",le=\"0.05\"} 1\n",
             "hab_hook_duration_seconds_count{service=\"nginx\",hook=\"init\"} 1\n",
             "hab_hook_failures_total{service=\"nginx\",hook=\"init\"} 1\n",
             "hab_service_renders_total{service=\"nginx\"} 1\n",
             "hab_service_files_rendered_total{service=\"nginx\"} 2\n",
             "hab_service_files_written_total{service=\"nginx\"} 1\n",
             "hab_service_config_generation{service=\"nginx\"} 2\n",
             "hab_http_requests_total{route=\"/services\",code=\"200\"} 1\n",
             "hab_build_info{version=\"1.0\"} 1\n",
         }) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    // The exit code of a health check is its answer.
    EXPECT_THAT(text,
                Not(HasSubstr("hab_hook_failures_total{service=\"nginx\",hook=\"health-check\"}")));
    publish(ServiceUnloaded{"nginx"});
    EXPECT_THAT(*get("/metrics").body, Not(HasSubstr("hab_hook_failures_total{service")));
}

TEST_F(SiteTest, WhatClientsAskForDoesNotGrowTheMetrics) {
    EXPECT_EQ(get("/services").status, 200u);
    const auto lines = [&] {
        const std::string text = *get("/metrics").body;
        return std::count(text.begin(), text.end(), '\n');
    };
    (void)get("/a");
    (void)lines();
    const auto before = lines();
    for (int i = 0; i < 50; ++i)
        (void)get("/nothing/" + std::to_string(i));
    EXPECT_EQ(lines(), before);
}

TEST_F(SiteTest, OthersAddTheirRoutes) {
    site().routes().add("/extra", "the page",
                        [](const Request&) { return Response::text(200, "<html>", "text/html"); });
    site().routes().add_service("why", "causes",
                                [](const Request&, const ServiceSnapshot& service) {
                                    return json_response(Value(service.name));
                                });
    EXPECT_EQ(*get("/extra").body, "<html>");
    EXPECT_EQ(*get("/services/nginx/default/why").body, "\"nginx\"");
    EXPECT_EQ(get("/services/redis/default/why").status, 404u);
    EXPECT_THAT(*get("/").body, HasSubstr("<a href=\"/extra\">/extra</a>"));
    EXPECT_EQ(site().routes().pattern("/services/a/b/c/why"), "/services/{service}/{group}/why");
    EXPECT_EQ(site().routes().pattern("/x"), "other");
}

TEST(QueryValue, DecodesAndRefusesWhatIsBroken) {
    EXPECT_EQ(query_value("a=1&b=x%20y+z&b=2", "b"), "x y z");
    EXPECT_EQ(query_value("a&b=", "a"), "");
    EXPECT_EQ(query_value("a=%ff", "a"), std::nullopt);
    EXPECT_EQ(query_value("a=%4", "a"), std::nullopt);
    EXPECT_EQ(query_value("aa=1", "a"), std::nullopt);
    EXPECT_EQ(query_value("", "a"), std::nullopt);
}

}  // namespace
}  // namespace hab::supervisor::http
