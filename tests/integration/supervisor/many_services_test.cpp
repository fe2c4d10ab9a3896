// SPDX-License-Identifier: Apache-2.0
// Many services under one supervisor, and one service many times.
#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "sup_fixture.hpp"

namespace hab::test {
namespace {

constexpr std::size_t how_many = 200;

class Many : public SupervisorTest {
protected:
    bool all_say(const std::string& text) {
        return eventually([&] { return count(text) >= how_many; }, std::chrono::seconds(180));
    }
    static std::ptrdiff_t descriptors(pid_t pid) {
        return std::distance(fs::directory_iterator(fmt::format("/proc/{}/fd", pid)), {});
    }
};

TEST_F(Many, TwoHundredServicesStartAndStopAtOnce) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n"}});
    for (std::size_t i = 0; i < how_many; ++i) {
        write(fmt::format("/hab/sup/default/specs/tide-{}.spec", i),
              fmt::format("ident = \"acme/tide\"\nname = \"tide-{}\"\n", i));
    }
    start();
    ASSERT_TRUE(all_say("(O): running")) << log();
    const pid_t one = up("tide-77");
    ASSERT_GT(one, 0);
    ASSERT_EQ(::kill(one, SIGKILL), 0);
    EXPECT_GT(up("tide-77", one), 0) << "also in a crowd";
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    EXPECT_TRUE(all_say("Reattaching to tide-")) << log();
    EXPECT_EQ(count("does not read the messages"), 0u);
    EXPECT_EQ(count("cannot reach the launcher"), 0u);
    ::kill(sup_->pid(), SIGTERM);
    EXPECT_EQ(sup_->wait(std::chrono::seconds(180)), 0);
    EXPECT_FALSE(any_alive("misbehave"));
}

/// Anonymous memory in KiB: what a leak makes grow.
std::int64_t memory_of(pid_t pid) {
    std::ifstream in(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8));
    }
    return 0;
}

TEST_F(Many, RestartsLeaveNoDescriptorAndNoMemoryBehind) {
    package("tide", {{"hooks/init", "#!/bin/sh\nexit 0\n"},
                     {"hooks/post-stop", "#!/bin/sh\nexit 0\n"},
                     {"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"SVC_READY_FD", "3\n"}});
    // A sanitizer keeps freed memory back, which looks like a leak.
    const char* asan = std::getenv("ASAN_OPTIONS");
    const std::string options =
        (asan != nullptr ? std::string(asan) + ":" : std::string()) + "quarantine_size_mb=1";
    start({"acme/tide", "--service-min-backoff-period", "0", "--service-max-backoff-period", "0"},
          RunOptions{.env = {{"ASAN_OPTIONS", options}}});
    pid_t pid = up("tide");
    const auto restart = [&] {
        ASSERT_EQ(::kill(pid, SIGKILL), 0);
        pid = up("tide", pid);
        ASSERT_GT(pid, 0);
    };
    const bool exhaustive = std::getenv("HAB_EXHAUSTIVE") != nullptr;
    for (int i = 0; i < (exhaustive ? 1000 : 50); ++i)
        ASSERT_NO_FATAL_FAILURE(restart());
    const pid_t launcher = sup_->pid();
    const pid_t supervisor = supervisor_pid();
    const auto sup_before = descriptors(supervisor);
    const auto launcher_before = descriptors(launcher);
    const auto sup_memory = memory_of(supervisor);
    const auto launcher_memory = memory_of(launcher);
    ASSERT_GT(sup_memory, 0);
    ASSERT_GT(launcher_memory, 0);
    for (int i = 0; i < (exhaustive ? 10'000 : 150); ++i)
        ASSERT_NO_FATAL_FAILURE(restart());
    ASSERT_EQ(supervisor_pid(), supervisor) << log();
    // The gateway's connection of the last question may still be open.
    EXPECT_TRUE(eventually([&] { return descriptors(supervisor) <= sup_before; }));
    EXPECT_EQ(descriptors(launcher), launcher_before);
    constexpr std::int64_t slack = 1024;  // KiB; 10,000 times 105 bytes
    EXPECT_LE(memory_of(supervisor), sup_memory + slack);
    EXPECT_LE(memory_of(launcher), launcher_memory + slack / 4);
}

}  // namespace
}  // namespace hab::test
