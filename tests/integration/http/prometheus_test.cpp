// SPDX-License-Identifier: Apache-2.0
// /metrics as Prometheus' own programs see it.
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "integration/http/http_fixture.hpp"

namespace hab::test {
namespace {

class PrometheusTest : public HttpTest {
protected:
    void SetUp() override {
        HttpTest::SetUp();
        if (IsSkipped()) return;
        package("tide",
                {{"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                 {"hooks/init", "#!/bin/sh\nexit 0\n"},
                 {"config/a.conf", "port = {{cfg.port}}\n"},
                 {"default.toml", "port = 80\n"}});
        start({"acme/tide"});
        ASSERT_GT(up("tide"), 0);
    }
};

TEST_F(PrometheusTest, PromtoolHasNothingToSay) {
    HAB_REQUIRE(fs::exists("/usr/bin/promtool"), "promtool (Debian package prometheus)");
    ASSERT_EQ(get("/services/tide/default").status, 200);
    const auto answer = get("/metrics");
    ASSERT_EQ(answer.status, 200);
    EXPECT_THAT(answer.headers, testing::HasSubstr("text/plain; version=0.0.4"));
    EXPECT_THAT(answer.body, testing::HasSubstr("hab_hook_duration_seconds_count{service=\"tide\","
                                                "hook=\"init\"} 1\n"));
    RunOptions options;
    options.input = answer.body;
    const auto result = run({"/usr/bin/promtool", "check", "metrics"}, options);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err << answer.body;
    EXPECT_EQ(result.out + result.err, "");
}

TEST_F(PrometheusTest, ARealPrometheusScrapesIt) {
    HAB_REQUIRE(fs::exists("/usr/bin/prometheus"), "Debian package prometheus");
    const TempDir dir("prometheus-");
    write(dir.path() / "prometheus.yml",
          fmt::format("global: {{scrape_interval: 1s}}\n"
                      "rule_files: ['{}']\n"
                      "scrape_configs:\n"
                      "  - job_name: hab\n"
                      "    static_configs: [{{targets: ['127.0.0.1:{}']}}]\n",
                      (source_dir() / "docs/guide/monitoring/alerts.yml").string(), port()));
    const int own_port = free_port();
    Background prometheus({"/usr/bin/prometheus",
                           "--config.file=" + (dir.path() / "prometheus.yml").string(),
                           "--storage.tsdb.path=" + (dir.path() / "data").string(),
                           fmt::format("--web.listen-address=127.0.0.1:{}", own_port)});
    const auto value_of = [&](const std::string& query) -> std::string {
        const auto answer = http_get(own_port, "/api/v1/query?query=" + query);
        if (answer.status != 200) return {};
        const auto at = answer.body.rfind("\"value\":[");
        if (at == std::string::npos) return {};
        const auto open = answer.body.find(",\"", at) + 2;
        return answer.body.substr(open, answer.body.find('"', open) - open);
    };
    EXPECT_TRUE(eventually([&] { return value_of("hab_service_up") == "1"; }))
        << prometheus.output();
    EXPECT_EQ(value_of("up"), "1");
    EXPECT_EQ(value_of("hab_service_config_generation"), "1");
}

TEST_F(PrometheusTest, TheAlertRulesAreValid) {
    HAB_REQUIRE(fs::exists("/usr/bin/promtool"), "promtool (Debian package prometheus)");
    const auto result = run({"/usr/bin/promtool", "check", "rules",
                             (source_dir() / "docs/guide/monitoring/alerts.yml").string()});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    // Every name that rules and dashboard use exists.
    const std::string metrics = get("/metrics").body;
    for (const char* file : {"alerts.yml", "dashboard.json"}) {
        const std::string text = read(source_dir() / "docs/guide/monitoring" / file);
        ASSERT_FALSE(text.empty()) << file;
        for (auto at = text.find("hab_"); at != std::string::npos; at = text.find("hab_", at + 1)) {
            auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
            std::string name = text.substr(at, end - at);
            for (const char* suffix : {"_bucket", "_count", "_sum"}) {
                if (name.ends_with(suffix) && name.find("_seconds") != std::string::npos)
                    name.resize(name.size() - std::string_view(suffix).size());
            }
            EXPECT_THAT(metrics, testing::HasSubstr("# TYPE " + name + " ")) << file;
        }
    }
}

}  // namespace
}  // namespace hab::test
