// SPDX-License-Identifier: Apache-2.0
// hab-bench-incremental PLUGIN.so: a group of 1,000 members and 200 templates, 4 of which list the
// members. One member changes: what the core's renderer does until the files are written, beside
// rendering everything again. Prints "work<tab>milliseconds<tab>of the processor",
// medians, and proves the counts.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "config/renderer.hpp"
#include "plugin/registry.hpp"

namespace hab {
namespace {

constexpr int member_count = 1000;
constexpr int template_count = 200;
constexpr int listing = 4;
constexpr int rounds = 51;

Value member(int number, int port) {
    return parse_json(
        fmt::format(
            R"({{"member_id":"a0a1a2a3a4a5a6a7a8a9aaabacad{0}","service":"app","group":"default",)"
            R"("alive":true,"suspect":false,"confirmed":false,"departed":false,"leader":false,)"
            R"("follower":true,"pkg":{{"origin":"core","name":"app","version":"1.2.3",)"
            R"("release":"20260101000000"}},"sys":{{"ip":"10.0.0.{0}","hostname":"host{0}",)"
            R"("gossip_ip":"10.0.0.1","gossip_port":9638}},"cfg":{{"port":{1}}}}})",
            number, port),
        "member");
}

Value context() {
    Array members;
    for (int i = 0; i < member_count; ++i)
        members.push_back(member(i, 8080));
    Object svc;
    svc.set("me", members.front());
    svc.set("members", std::move(members));
    Object cfg;
    for (int i = 0; i < template_count; ++i)
        cfg.set(fmt::format("key{}", i), i);
    Object root;
    root.set("cfg", std::move(cfg));
    root.set("svc", std::move(svc));
    return root;
}

void write_templates(const fs::path& dir) {
    make_directories(dir);
    for (int i = 0; i < template_count; ++i) {
        const std::string text =
            i < listing ? std::string(
                              "{{#each svc.members}}\n{{#if alive}}\n  server {{member_id}} "
                              "{{sys.ip}}:{{cfg.port}}\n{{/if}}\n{{/each}}\n")
                        : fmt::format("key {{{{cfg.key{}}}}}\nip {{{{svc.me.sys.ip}}}}\n", i);
        write_file_atomic(dir / fmt::format("t{:03}.conf", i), text, {.durable = false});
    }
}

/// Medians in milliseconds. Processor time is what remains comparable on a busy machine.
struct Times {
    double wall;
    double processor;
};

double processor_ms() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

Times measure(const std::function<void(int round)>& work) {
    std::vector<double> wall;
    std::vector<double> processor;
    for (int round = 0; round < rounds; ++round) {
        const double before = processor_ms();
        const auto begin = std::chrono::steady_clock::now();
        work(round);
        const auto spent = std::chrono::steady_clock::now() - begin;
        wall.push_back(std::chrono::duration<double, std::milli>(spent).count());
        processor.push_back(processor_ms() - before);
    }
    return {median(std::move(wall)), median(std::move(processor))};
}

int run(const char* plugin_file) {
    plugin::SearchPlan plan;
    plan.files.emplace_back(plugin_file);
    plan.effective_uid = ::geteuid();
    plugin::Registry plugins(plugin::Catalogue::discover(plan), plugin::no_services());
    const TempDir dir;
    write_templates(dir.path() / "config");
    config::Renderer renderer(plugins.template_engine("handlebars", {{"mode", "modern"}}));
    renderer.add_tree(dir.path() / "config", dir.path() / "svc", {});
    const Value data = context();
    renderer.set_data(data);
    renderer.render_changed();
    const Times one = measure([&](int round) {
        renderer.update_data("/svc/members/500", member(500, 9000 + round));
        const auto report = renderer.render_changed();
        if (report.rendered.size() != listing) {
            throw Error(ErrorCode::bug, fmt::format("{} templates were rendered, not {}",
                                                    report.rendered.size(), listing));
        }
    });
    const Times all = measure([&](int) {
        renderer.set_data(data);
        renderer.render_changed();
    });
    std::printf("one member of %d, %d of %d templates rendered and written\t%.2f\t%.2f\n",
                member_count, listing, template_count, one.wall, one.processor);
    std::printf("everything loaded and rendered again\t%.2f\t%.2f\n", all.wall, all.processor);
    return 0;
}

}  // namespace
}  // namespace hab

int main(int argc, char** argv) {
    try {
        if (argc != 2) throw hab::Error(hab::ErrorCode::usage, "give the handlebars plugin's file");
        return hab::run(argv[1]);
    } catch (const hab::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return hab::exit_code(error);
    }
}
