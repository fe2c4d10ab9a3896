// SPDX-License-Identifier: Apache-2.0
// hab-bench-template [--write DIR]: the handlebars engine and, in the same process, kainjow's
// Mustache, on a balancer's configuration with 100 and 1,000 members and on a table of 100 × 100.
// Prints "engine<tab>work<tab>microseconds", medians. --write puts the data there, so that engines
// in other languages work on the same (template_peers.js, template_peers.py).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../../plugins/templates/handlebars/engine.hpp"
#include "../../plugins/templates/mustache/engine.hpp"

namespace {

constexpr const char* balancer =
    "global\n  maxconn {{cfg.maxconn}}\n  user {{pkg.svc_user}}\n{{#if cfg.log}}\n  log "
    "{{cfg.log}}\n{{/if}}\nbackend app\n{{#each bind.backend.members}}\n{{#if alive}}\n  server "
    "{{member_id}} {{sys.ip}}:{{cfg.port}}\n{{/if}}\n{{/each}}\n";
constexpr const char* mustache_balancer =
    "global\n  maxconn {{cfg.maxconn}}\n  user {{pkg.svc_user}}\n{{#cfg.log}}\n  log "
    "{{cfg.log}}\n{{/cfg.log}}\nbackend app\n{{#bind.backend.members}}\n{{#alive}}\n  server "
    "{{member_id}} {{sys.ip}}:{{cfg.port}}\n{{/alive}}\n{{/bind.backend.members}}\n";
constexpr const char* table =
    "{{#each rows}}<tr>{{#each this}}<td>{{this}}</td>{{/each}}</tr>\n{{/each}}";
constexpr const char* mustache_table = "{{#rows}}<tr>{{#.}}<td>{{.}}</td>{{/.}}</tr>\n{{/rows}}";

std::string member(int i) {
    const std::string n = std::to_string(i);
    return R"({"member_id":"a0a1a2a3a4a5a6a7a8a9aaabacad)" + n +
           R"(","service":"app","group":"default","alive":true,"suspect":false,"confirmed":false,)"
           R"("departed":false,"leader":false,"follower":true,"pkg":{"origin":"core","name":"app",)"
           R"("version":"1.2.3","release":"20260101000000"},"sys":{"ip":"10.0.0.)" +
           n + R"(","hostname":"host)" + n +
           R"(","gossip_ip":"10.0.0.1","gossip_port":9638},"cfg":{"port":8080}})";
}

std::string members(int count) {
    std::string json =
        R"({"cfg":{"maxconn":4096,"log":"127.0.0.1"},"pkg":{"svc_user":"hab"},"bind":{"backend":)"
        R"({"members":[)";
    for (int i = 0; i < count; ++i)
        json += (i == 0 ? "" : ",") + member(i);
    return json + "]}}}";
}

std::string cells() {
    std::string json = R"({"rows":[)";
    for (int row = 0; row < 100; ++row) {
        json += row == 0 ? "[" : ",[";
        for (int column = 0; column < 100; ++column) {
            json += (column == 0 ? "\"" : ",\"") + std::to_string(row * 100 + column) + "\"";
        }
        json += "]";
    }
    return json + "]}";
}

double median_us(const std::function<void()>& work, int runs) {
    std::vector<double> times;
    work();
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

void print(const char* engine, const std::string& work, double microseconds) {
    std::printf("%s\t%s\t%.1f\n", engine, work.c_str(), microseconds);
}

hab_status swallow(void* ctx, const void*, std::size_t size) {
    *static_cast<std::size_t*>(ctx) += size;
    return HAB_STATUS_OK;
}
hab_status ignore_reads(void*, const std::uint32_t*, std::size_t) {
    return HAB_STATUS_OK;
}
void ignore_log(const hab_host*, std::uint32_t, hab_str, hab_str) {}

hab_host silent_host() {
    hab_host host{};
    host.struct_size = sizeof host;
    host.log = &ignore_log;
    return host;
}

/// Compile and render of one text, by one engine.
template <class Engine>
void measure(const char* name, const std::string& work, const char* text, const std::string& json,
             int runs) {
    const hab_host host = silent_host();
    const hab_kv items[] = {{hab::sdk::to_abi("mode"), hab::sdk::to_abi("modern")}};
    Engine engine(hab::sdk::Host(&host), hab::sdk::Options(items, 1));
    std::size_t bytes = 0;
    const hab::sdk::Sink sink({&bytes, &swallow});
    const auto data = engine.load(json);
    const auto compiled = engine.compile("t", text);
    print(name, "compile, " + work, median_us([&] { (void)engine.compile("c", text); }, runs));
    print(
        name, "render, " + work,
        median_us([&] { engine.render(*compiled, *data, sink, hab::sdk::Reads(nullptr)); }, runs));
}

/// What only our engine has: data that is changed in parts, and a report of what was read.
void measure_data(int count, int runs) {
    const hab_host host = silent_host();
    const hab_kv items[] = {{hab::sdk::to_abi("mode"), hab::sdk::to_abi("modern")}};
    handlebars::Engine engine(hab::sdk::Host(&host), hab::sdk::Options(items, 1));
    const std::string json = members(count);
    const std::string one = member(count / 2);
    const std::string path = "/bind/backend/members/" + std::to_string(count / 2);
    const std::string work = std::to_string(count) + " members";
    std::size_t bytes = 0;
    const hab::sdk::Sink sink({&bytes, &swallow});
    const hab_reads_sink reads{sizeof reads, nullptr, &ignore_reads};
    const auto data = engine.load(json);
    const auto compiled = engine.compile("t", balancer);
    print("handlebars", "load data, " + work,
          median_us([&] { (void)engine.load(json); }, runs / 4));
    print("handlebars", "update one of " + work,
          median_us([&] { engine.update(*data, path, one); }, runs));
    print("handlebars", "render and report reads, " + work,
          median_us([&] { engine.render(*compiled, *data, sink, hab::sdk::Reads(&reads)); }, runs));
}

void write(const std::string& directory, const char* name, std::string_view text) {
    std::ofstream(directory + "/" + name, std::ios::binary) << text;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string hundred = members(100);
    const std::string rows = cells();
    if (argc == 3 && std::string_view(argv[1]) == "--write") {
        write(argv[2], "members.json", hundred);
        write(argv[2], "table.json", rows);
        write(argv[2], "members.hbs", balancer);
        write(argv[2], "table.hbs", table);
        write(argv[2], "members.mustache", mustache_balancer);
        write(argv[2], "table.mustache", mustache_table);
        return 0;
    }
    measure<handlebars::Engine>("handlebars", "100 members", balancer, hundred, 1000);
    measure<mustache_plugin::Engine>("kainjow", "100 members", mustache_balancer, hundred, 200);
    measure<handlebars::Engine>("handlebars", "100 x 100", table, rows, 300);
    measure<mustache_plugin::Engine>("kainjow", "100 x 100", mustache_table, rows, 60);
    measure<handlebars::Engine>("handlebars", "1,000 members", balancer, members(1000), 100);
    measure_data(100, 1000);
    measure_data(1000, 200);
}
