// SPDX-License-Identifier: Apache-2.0
// How many calls the host makes at once.
#include <gmock/gmock.h>
#include <hab/plugin.h>

#include <array>
#include <atomic>
#include <thread>

#include "fixtures.hpp"
#include "support/run.hpp"

namespace hab::plugin::test {
namespace {

std::atomic<int> inside = 0;
std::atomic<int> most = 0;
std::atomic<int> entered = 0;

/// Stays inside until another call came in, or long enough to see that none does.
hab_status run(void*, const hab_export_request*, hab_error*) noexcept {
    const int now = ++inside;
    ++entered;
    int seen = most.load();
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (most.load() < 2 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    --inside;
    return HAB_STATUS_OK;
}

constexpr hab_exporter_api api = {sizeof(hab_exporter_api), nullptr, run, nullptr};

constexpr hab_plugin_desc desc(const char* id, std::uint32_t threads) {
    return {.struct_size = sizeof(hab_plugin_desc),
            .kind = HAB_KIND_EXPORTER,
            .thread_model = threads,
            .flags = 0,
            .id = id,
            .version = "1",
            .summary = "",
            .vendor = nullptr,
            .licence = nullptr,
            .url = nullptr,
            .options = nullptr,
            .create = [](const hab_host*, const hab_config*, void**,
                         hab_error*) { return hab_status{HAB_STATUS_OK}; },
            .destroy = [](void*) {},
            .api = &api};
}

constexpr hab_plugin_desc library = desc("library", HAB_THREADS_ONE_PER_LIBRARY);
constexpr hab_plugin_desc instance = desc("instance", HAB_THREADS_ONE_PER_INSTANCE);
constexpr hab_plugin_desc free_threads = desc("free", HAB_THREADS_FREE);
constexpr std::array<const hab_plugin_desc*, 3> items = {&library, &instance, &free_threads};
constexpr hab_plugin_table table = {sizeof(hab_plugin_table), 0, 3, items.data()};

/// Calls run() of both exporters at once; the largest number of calls that were inside together.
int calls_at_once(const Exporter& first, const Exporter& second) {
    inside = most = entered = 0;
    std::thread other([&] { first.run({}); });
    second.run({});
    other.join();
    EXPECT_EQ(entered.load(), 2);
    return most.load();
}

TEST(ThreadModel, OneCallPerLibrary) {
    Registry registry({}, no_services());
    registry.add_static(table);
    EXPECT_EQ(calls_at_once(registry.exporter("library"), registry.exporter("library")), 1);
}

TEST(ThreadModel, OneCallPerInstance) {
    Registry registry({}, no_services());
    registry.add_static(table);
    const auto exporter = registry.exporter("instance");
    EXPECT_EQ(calls_at_once(exporter, exporter), 1);
}

TEST(ThreadModel, FreeOrSeveralInstances) {
    Registry registry({}, no_services());
    registry.add_static(table);
    // Two calls may overlap, but on a busy machine need not at the first try.
    const auto free_one = registry.exporter("free");
    EXPECT_TRUE(hab::test::eventually([&] { return calls_at_once(free_one, free_one) == 2; }));
    const auto a = registry.exporter("instance");
    const auto b = registry.exporter("instance");
    EXPECT_TRUE(hab::test::eventually([&] { return calls_at_once(a, b) == 2; }));
}

}  // namespace
}  // namespace hab::plugin::test
