// SPDX-License-Identifier: Apache-2.0
// Many services under one supervisor, and one service many times.
#include <fmt/format.h>
#include <signal.h>

#include <iterator>

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

TEST_F(Many, RestartsLeaveNoDescriptorBehind) {
    package("tide", {{"hooks/init", "#!/bin/sh\nexit 0\n"},
                     {"hooks/post-stop", "#!/bin/sh\nexit 0\n"},
                     {"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"SVC_READY_FD", "3\n"}});
    start({"acme/tide", "--service-min-backoff-period", "0", "--service-max-backoff-period", "0"});
    pid_t pid = up("tide");
    const auto restart = [&] {
        ASSERT_EQ(::kill(pid, SIGKILL), 0);
        pid = up("tide", pid);
        ASSERT_GT(pid, 0);
    };
    ASSERT_NO_FATAL_FAILURE(restart());
    const auto sup_before = descriptors(supervisor_pid());
    const auto launcher_before = descriptors(sup_->pid());
    for (int i = 0; i < 30; ++i)
        ASSERT_NO_FATAL_FAILURE(restart());
    // The gateway's connection of the last question may still be open.
    EXPECT_TRUE(eventually([&] { return descriptors(supervisor_pid()) <= sup_before; }));
    EXPECT_EQ(descriptors(sup_->pid()), launcher_before);
}

}  // namespace
}  // namespace hab::test
