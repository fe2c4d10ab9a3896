// SPDX-License-Identifier: Apache-2.0
// Limits of services, for real: in control groups below the one that the tests run in.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "sandbox/control_group.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

std::string misbehave(const std::string& words) {
    return "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave " + words + "\n";
}

const std::string files_hook =
    "#!/bin/sh\necho files=$(ulimit -Sn) $(ulimit -Hn)\n"
    "exec {{pkg.path}}/bin/misbehave sleep-forever\n";

/// Touches that much memory at once and goes on if it may.
std::string eat(int mebibytes) {
    return fmt::format(
        "#!/bin/sh\ndd if=/dev/zero of=/dev/null bs={}M count=1 2>/dev/null || exit 9\n"
        "echo ate\nexec {{{{pkg.path}}}}/bin/misbehave sleep-forever\n",
        mebibytes);
}

class Limits : public SupervisorTest {
protected:
    void SetUp() override {
        SupervisorTest::SetUp();
        if (IsSkipped()) return;
        for (const auto* controller : {"memory", "pids"}) {
            bool is_v2 = false;
            const auto own =
                sandbox::own_group(read("/proc/self/cgroup"), controller, "/sys/fs/cgroup", is_v2);
            HAB_REQUIRE(!own.empty() && !is_v2 && ::access(own.c_str(), W_OK) == 0,
                        "no writable control groups of version 1");
        }
    }
    /// Where groups were made, by the supervisor's own note.
    static std::vector<fs::path> roots() {
        std::vector<fs::path> found;
        const auto text = read("/hab/sup/default/data/control-groups");
        for (const auto line : split(text, '\n')) {
            if (!line.empty()) found.emplace_back(line);
        }
        return found;
    }
    static bool any_root_left(const std::vector<fs::path>& roots) {
        for (const auto& root : roots) {
            if (fs::exists(root)) return true;
        }
        return false;
    }
    static RunResult hab(std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words);
    }
};

TEST_F(Limits, AServiceThatEatsMemoryIsKilledAndItIsTold) {
    package("tide", {{"hooks/run", eat(256)}, {"SVC_LIMITS", "memory=32M\n"}});
    start({"acme/tide", "--service-min-backoff-period", "600", "--service-max-backoff-period",
           "600"});
    ASSERT_TRUE(
        logged("tide.default(SV): out of memory: the kernel killed 1 process of the "
               "service at its limit of 32M"))
        << log();
    EXPECT_TRUE(logged("the process exited with code 9"));
    EXPECT_EQ(number("tide", "oom_kills"), 1);
    EXPECT_THAT(text("tide", "failure"), HasSubstr("out of memory"));
    EXPECT_EQ(text("tide", "limits.memory"), "32M");
    EXPECT_EQ(count("(O): ate"), 0u);
    // The group is kept over a new spec; what was told once is not told again.
    EXPECT_EQ(hab({"svc", "update", "acme/tide", "--limit-memory", "1G"}).exit_code, 0);
    ASSERT_TRUE(logged("tide.default(O): ate")) << log();
    EXPECT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    ASSERT_TRUE(eventually([&] { return !any_alive("misbehave"); })) << log();
    EXPECT_EQ(count("out of memory"), 1u) << log();
}

TEST_F(Limits, TheSpecCountsMoreThanThePackage) {
    package("tide", {{"hooks/run", eat(64)}, {"SVC_LIMITS", "memory=32M\nopen_files=100\n"}});
    write("/hab/sup/default/specs/tide.spec",
          "ident = \"acme/tide\"\n[limits]\nmemory = \"128M\"\n");
    start();
    EXPECT_TRUE(logged("tide.default(O): ate")) << log();
    EXPECT_EQ(text("tide", "limits.memory"), "128M");
    EXPECT_EQ(text("tide", "limits.open_files"), "100");
    EXPECT_EQ(count("out of memory"), 0u);
}

TEST_F(Limits, AForkBombIsStoppedAndNothingOfItOutlivesTheService) {
    std::string words;
    for (int i = 0; i < 50; ++i)
        words += "orphan ";
    package("tide", {{"hooks/run", misbehave(words + "say forked sleep-forever")},
                     {"SVC_LIMITS", "pids=12\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default(O): forked")) << log();
    const auto made = roots();
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(trim(read(made.front() / "svc-tide/pids.current")), "12");
    EXPECT_TRUE(any_root_left(made));
    EXPECT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return !any_root_left(made); })) << log();
    EXPECT_FALSE(any_alive("misbehave"));
}

TEST_F(Limits, ProcessesThatLeftTheirSessionEndWithTheService) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nsetsid {{pkg.path}}/bin/misbehave ignore-term sleep-forever "
                      "</dev/null >/dev/null 2>&1 &\n"
                      "exec {{pkg.path}}/bin/misbehave say running sleep-forever\n"},
                     {"SVC_LIMITS", "pids=12\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default(O): running")) << log();
    const auto made = roots();
    EXPECT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return !any_root_left(made); })) << log();
    EXPECT_FALSE(any_alive("misbehave"));
}

TEST_F(Limits, TheLimitOfOpenFilesIsSeenInside) {
    package("tide", {{"hooks/run", files_hook}});
    start();
    EXPECT_EQ(hab({"svc", "load", "acme/tide", "--limit-open-files", "123"}).exit_code, 0);
    EXPECT_TRUE(logged("tide.default(O): files=123 123")) << log();
    EXPECT_EQ(hab({"svc", "update", "acme/tide", "--limit-open-files", "64"}).exit_code, 0);
    EXPECT_TRUE(logged("tide.default(O): files=64 64")) << log();
    EXPECT_TRUE(roots().empty()) << "that needs no group";
}

TEST_F(Limits, ProcessorTimeIsSetInTheGroup) {
    package("tide",
            {{"hooks/run", misbehave("say running sleep-forever")}, {"SVC_LIMITS", "cpu=50%\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default(O): running")) << log();
    const auto made = roots();
    if (made.empty()) {
        EXPECT_TRUE(logged("Warning: the cpu limit of 50% is not enforced")) << log();
    }
    HAB_REQUIRE(!made.empty(), "no control groups for cpu");
    EXPECT_EQ(trim(read(made.front() / "svc-tide/cpu.cfs_quota_us")), "50000");
    const pid_t pid = up("tide");
    EXPECT_THAT(read(fmt::format("/proc/{}/cgroup", pid)), HasSubstr("/svc-tide"));
}

/// A group of the test's own, in which nothing can be started while it is closed.
class Crowd {
public:
    explicit Crowd(const std::vector<pid_t>& members) {
        bool is_v2 = false;
        const fs::path above =
            sandbox::own_group(read_file("/proc/self/cgroup"), "pids", "/sys/fs/cgroup", is_v2);
        // Each world counts its processes from 1, but all worlds share this tree.
        int number = 0;
        do {
            dir_ = above / fmt::format("hab-test-{}-{}", ::getpid(), ++number);
        } while (!fs::create_directory(dir_));
        for (const pid_t pid : members)
            sandbox::write_setting(dir_ / "cgroup.procs", std::to_string(pid));
    }
    ~Crowd() {
        std::error_code busy;  // until the last process has left
        (void)eventually([&] { return fs::remove(dir_, busy); });
    }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    void close() const { sandbox::write_setting(dir_ / "pids.max", "0"); }
    void open() const { sandbox::write_setting(dir_ / "pids.max", "max"); }

private:
    fs::path dir_;
};

TEST_F(Limits, WhenNothingCanBeForkedItIsToldAndTriedUntilItWorks) {
    package("tide", {{"hooks/run", misbehave("say running sleep-forever")}});
    package("wave", {{"hooks/init", "#!/bin/sh\nexit 0\n"},
                     {"hooks/run", misbehave("say running sleep-forever")}});
    start({"--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    {
        const Crowd crowd({sup_->pid(), supervisor_pid()});
        crowd.close();
        EXPECT_EQ(hab({"svc", "load", "acme/tide"}).exit_code, 0);
        EXPECT_EQ(hab({"svc", "load", "acme/wave"}).exit_code, 0);
        EXPECT_TRUE(
            logged("tide.default(SV): Service failed, will restart after 1.00 secs: cannot "
                   "fork: Resource temporarily unavailable"))
            << log();
        EXPECT_TRUE(
            logged("wave.default(HK): cannot run the init hook: cannot start "
                   "'/hab/svc/wave/hooks/init': clone failed: Resource temporarily "
                   "unavailable"))
            << log();
        EXPECT_TRUE(
            logged("wave.default(SV): Service failed, will restart after 1.00 secs: the "
                   "init hook exited with code 126"))
            << log();
        EXPECT_TRUE(eventually([&] { return count("cannot fork") >= 2; })) << "tried again";
        EXPECT_EQ(text("tide", "process.state"), "down");
        crowd.open();
        EXPECT_GT(up("tide"), 0);
        EXPECT_GT(up("wave"), 0);
        EXPECT_EQ(terminate(), 0);
    }
}

TEST_F(Limits, AReconfigureHookThatCannotBeForkedRunsLater) {
    package("tide", {{"default.toml", "word = \"one\"\n"},
                     {"config/tide.conf", "{{cfg.word}}\n"},
                     {"hooks/reconfigure",
                      "#!/bin/sh\nread word < config/tide.conf\n"
                      "echo now $word\n"},
                     {"hooks/run", misbehave("say running sleep-forever")}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    {
        const Crowd crowd({sup_->pid(), supervisor_pid()});
        crowd.close();
        write("/hab/user/tide/config/user.toml", "word = \"two\"\n");
        EXPECT_TRUE(logged("cannot run the reconfigure hook")) << log();
        EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "two\n");
        crowd.open();
        EXPECT_TRUE(logged("now two")) << log();
        EXPECT_EQ(up("tide"), pid);
        EXPECT_EQ(terminate(), 0);
    }
}

TEST_F(Limits, ASupervisorThatIsKilledFindsTheGroupsAgain) {
    package("tide",
            {{"hooks/run", misbehave("say running sleep-forever")}, {"SVC_LIMITS", "pids=12\n"}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    const auto made = roots();
    ASSERT_EQ(made.size(), 1u);
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    ASSERT_TRUE(logged("Reattaching to tide.default")) << log();
    EXPECT_EQ(up("tide"), pid);
    EXPECT_EQ(trim(read(made.front() / "svc-tide/cgroup.procs")), std::to_string(pid));
    EXPECT_EQ(terminate(), 0);
    EXPECT_FALSE(any_root_left(made));
}

TEST_F(Limits, AKilledLauncherLeavesNothing) {
    package("tide", {{"hooks/run", misbehave("say running sleep-forever")},
                     {"SVC_LIMITS", "memory=32M\npids=12\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const auto made = roots();
    ASSERT_EQ(made.size(), 2u);
    sup_->signal(SIGKILL);
    (void)sup_->wait();
    EXPECT_TRUE(eventually([&] { return !any_root_left(made); }));
}

TEST_F(Limits, TheNextSupervisorRemovesTheGroupsOfOneThatWasKilledWithItsLauncher) {
    package("tide",
            {{"hooks/run", misbehave("say running sleep-forever")}, {"SVC_LIMITS", "pids=12\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const auto made = roots();
    const pid_t supervisor = supervisor_pid();
    sup_->signal(SIGSTOP);  // neither may notice the other's end
    ::kill(supervisor, SIGKILL);
    ASSERT_TRUE(eventually([&] { return !alive(supervisor); }));
    sup_->signal(SIGKILL);
    (void)sup_->wait();
    ASSERT_TRUE(any_root_left(made));
    fs::remove("/hab/sup/default/specs/tide.spec");
    fs::remove("/hab/sup/default/listen.json");
    start();
    EXPECT_TRUE(eventually([&] { return !any_root_left(made); })) << log();
}

TEST_F(Limits, WithoutControlGroupsItIsToldWhatIsNotEnforced) {
    package("tide", {{"hooks/run", files_hook}, {"SVC_LIMITS", "memory=32M\nopen_files=100\n"}});
    // A machine where they are not mounted.
    ASSERT_EQ(run({"mount", "-t", "tmpfs", "none", "/sys/fs/cgroup"}).exit_code, 0);
    start({"acme/tide"});
    EXPECT_TRUE(logged("tide.default(O): files=100 100")) << log();
    EXPECT_TRUE(
        logged("tide.default(SR): Warning: the memory limit of 32M is not enforced: cannot "
               "make /sys/fs/cgroup/memory/"))
        << log();
    EXPECT_THAT(get("/services/tide/default").body, HasSubstr("the memory limit of 32M is not"));
    ASSERT_EQ(run({"umount", "/sys/fs/cgroup"}).exit_code, 0);
}

TEST_F(Limits, WrongLimitsAreRefusedWithOneSentence) {
    package("tide", {{"hooks/run", misbehave("sleep-forever")}, {"SVC_LIMITS", "memory=much\n"}});
    start({"acme/tide"});
    EXPECT_TRUE(logged("SVC_LIMITS: 'much' is no limit of memory")) << log();
    const RunResult refused = hab({"svc", "load", "acme/tide", "--limit-cpu", "50"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("'50' is no limit of cpu"));
    write("/hab/sup/default/specs/wave.spec", "ident = \"acme/wave\"\nlimits = { ram = 5 }\n");
    EXPECT_TRUE(logged("Skipping a spec file: ")) << log();
    EXPECT_TRUE(logged("there is no limit 'ram'")) << log();
}

}  // namespace
}  // namespace hab::test
