// SPDX-License-Identifier: Apache-2.0
// hab-bench-template: the handlebars engine on a balancer's configuration with 100 and 1,000
// members, and kainjow's Mustache on the same text written for it. Prints medians in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "../../plugins/templates/handlebars/engine.hpp"
#include "../../plugins/templates/mustache/engine.hpp"

namespace {

constexpr const char* handlebars_text =
    "global\n  maxconn {{cfg.maxconn}}\n  user {{pkg.svc_user}}\n{{#if cfg.log}}\n  log "
    "{{cfg.log}}\n{{/if}}\nbackend app\n{{#eachAlive bind.backend.members}}\n  server "
    "{{member_id}} "
    "{{sys.ip}}:{{cfg.port}}{{#if @last}} backup{{/if}}\n{{/eachAlive}}\n";
constexpr const char* mustache_text =
    "global\n  maxconn {{cfg.maxconn}}\n  user {{pkg.svc_user}}\n{{#cfg.log}}\n  log "
    "{{cfg.log}}\n{{/cfg.log}}\nbackend app\n{{#bind.backend.members}}\n{{#alive}}\n  server "
    "{{member_id}} {{sys.ip}}:{{cfg.port}}\n{{/alive}}\n{{/bind.backend.members}}\n";

std::string member(int i) {
    const std::string n = std::to_string(i);
    return R"({"member_id":"a0a1a2a3a4a5a6a7a8a9aaabacad)" + n +
           R"(","service":"app","group":"default","alive":true,"suspect":false,"confirmed":false,)"
           R"("departed":false,"leader":false,"follower":true,"pkg":{"origin":"core","name":"app",)"
           R"("version":"1.2.3","release":"20260101000000"},"sys":{"ip":"10.0.0.)" +
           n + R"(","hostname":"host)" + n +
           R"(","gossip_ip":"10.0.0.1","gossip_port":9638},"cfg":{"port":8080}})";
}

std::string context(int members) {
    std::string json =
        R"({"cfg":{"maxconn":4096,"log":"127.0.0.1"},"pkg":{"svc_user":"hab"},"bind":{"backend":)"
        R"({"members":[)";
    for (int i = 0; i < members; ++i)
        json += (i == 0 ? "" : ",") + member(i);
    return json + "]}}}";
}

double median_us(const std::function<void()>& work, int runs) {
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
    }
    std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
    return times[static_cast<std::size_t>(runs / 2)];
}

hab_status swallow(void* ctx, const void*, std::size_t size) {
    *static_cast<std::size_t*>(ctx) += size;
    return HAB_STATUS_OK;
}
hab_status ignore_reads(void*, const std::uint32_t*, std::size_t) {
    return HAB_STATUS_OK;
}
void ignore_log(const hab_host*, std::uint32_t, hab_str, hab_str) {}

void run(int members) {
    hab_host raw{};
    raw.struct_size = sizeof raw;
    raw.log = &ignore_log;
    const hab::sdk::Host host(&raw);
    const hab_kv items[] = {{hab::sdk::to_abi("mode"), hab::sdk::to_abi("modern")}};
    const hab::sdk::Options options(items, 1);
    handlebars::Engine ours(host, options);
    mustache_plugin::Engine peer(host, options);
    const std::string json = context(members);
    const std::string one = member(members / 2);
    const std::string path = "/bind/backend/members/" + std::to_string(members / 2);
    const int runs = members > 500 ? 300 : 2000;
    std::size_t bytes = 0;
    const hab::sdk::Sink sink({&bytes, &swallow});
    const hab_reads_sink reads{sizeof reads, nullptr, &ignore_reads};

    auto data = ours.load(json);
    auto compiled = ours.compile("t", handlebars_text);
    auto peer_data = peer.load(json);
    auto peer_compiled = peer.compile("t", mustache_text);
    const auto print = [&](const char* work, double own, double other) {
        std::printf("%-34s %5d members %10.1f us", work, members, own);
        if (other > 0) std::printf(" %10.1f us %6.1f", other, other / own);
        std::printf("\n");
    };
    print("compile", median_us([&] { (void)ours.compile("c", handlebars_text); }, runs),
          median_us([&] { (void)peer.compile("c", mustache_text); }, runs));
    print("load", median_us([&] { (void)ours.load(json); }, runs / 10),
          median_us([&] { (void)peer.load(json)->get(); }, runs / 10));
    print("update one member", median_us([&] { ours.update(*data, path, one); }, runs), 0);
    print(
        "render",
        median_us([&] { ours.render(*compiled, *data, sink, hab::sdk::Reads(nullptr)); }, runs),
        median_us([&] { peer.render(*peer_compiled, *peer_data, sink, hab::sdk::Reads(nullptr)); },
                  runs / 10));
    print("render with report of reads",
          median_us([&] { ours.render(*compiled, *data, sink, hab::sdk::Reads(&reads)); }, runs),
          0);
}

}  // namespace

int main() {
    std::printf("%-34s %13s %13s %13s %6s\n", "work", "", "ours", "mustache", "ratio");
    run(100);
    run(1000);
}
