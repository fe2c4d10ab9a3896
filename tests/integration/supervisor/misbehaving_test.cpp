// SPDX-License-Identifier: Apache-2.0
// Services and hooks that behave as badly as they can, and a machine that has no room left.
#include <fmt/format.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "invariants.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

std::string does(const std::string& words) {
    return "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave " + words + "\n";
}

const std::vector<std::string> at_once{"--service-min-backoff-period", "0",
                                       "--service-max-backoff-period", "0"};

class Misbehaving : public SupervisorTest {
protected:
    static void load(const std::string& name) {
        write(fmt::format("/hab/sup/default/specs/{}.spec", name),
              fmt::format("ident = \"acme/{}\"\n", name));
    }
    void unload(const std::string& name) {
        fs::remove(fmt::format("/hab/sup/default/specs/{}.spec", name));
        EXPECT_TRUE(eventually([&] { return get("/services/" + name + "/default").status == 404; }))
            << log();
    }
    /// Another service beside the bad one is started and replaced as if nothing were.
    void expect_others_are_served() {
        package("calm", {{"hooks/run", forever}});
        load("calm");
        const pid_t first = up("calm");
        ASSERT_GT(first, 0);
        ASSERT_EQ(::kill(first, SIGKILL), 0);
        EXPECT_GT(up("calm", first), 0);
        unload("calm");
    }
    /// Resident memory in MiB.
    static std::uint64_t memory(pid_t pid) {
        std::ifstream status(fmt::format("/proc/{}/status", pid));
        for (std::string line; std::getline(status, line);) {
            if (!line.starts_with("VmRSS:")) continue;
            return std::stoull(line.substr(6)) / 1024;
        }
        return 0;
    }
};

TEST_F(Misbehaving, DyingAtOnceAHundredTimesCostsNothingThatStays) {
    package("tide", {{"hooks/run", does("exit 3")}});
    auto arguments = at_once;
    arguments.emplace_back("acme/tide");
    start(arguments);
    const auto restarts = [&] { return number("tide", "restart_count").value_or(0); };
    ASSERT_TRUE(eventually([&] { return restarts() >= 10; })) << log();
    const auto launcher = descriptors(sup_->pid());
    ASSERT_TRUE(eventually([&] { return restarts() >= 100; })) << log();
    // Just now there may be one process more or less, with its pipes, than at the first look.
    EXPECT_LE(descriptors(sup_->pid()), launcher + 6);
    unload("tide");
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
}

TEST_F(Misbehaving, WhatForksAwayDoesNotOutliveItsService) {
    package("tide", {{"hooks/run", does("daemonize say away sleep-forever")}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    ASSERT_TRUE(logged("which forked away from service 'tide'")) << log();
    EXPECT_TRUE(logged("will restart after 1.00 secs: the process exited with code 0"));
    ASSERT_TRUE(eventually([&] { return number("tide", "restart_count").value_or(0) >= 2; }));
    const auto sleepers =
        split(trim(run({"pgrep", "--runstates", "D,R,S", "misbehave"}).out), '\n').size();
    EXPECT_LE(sleepers, 2u) << "they do not pile up";
    unload("tide");
    EXPECT_TRUE(eventually([] { return !any_alive("misbehave"); })) << log();
}

TEST_F(Misbehaving, AHelperInASessionOfItsOwnLivesAsLongAsItsServiceButNotLonger) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\n{{pkg.path}}/bin/misbehave daemonize sleep-forever\n"
                      "exec {{pkg.path}}/bin/misbehave say running sleep-forever\n"}});
    start({"acme/tide"});
    const pid_t first = up("tide");
    ASSERT_GT(first, 0);
    ASSERT_TRUE(logged("tide.default(O): running"));
    const auto helpers = [&](pid_t service) {
        const auto found = run({"pgrep", "--runstates", "D,R,S", "misbehave"}).out;
        auto pids = split(trim(found), '\n');
        std::erase(pids, std::to_string(service));
        std::erase(pids, "");
        return pids.size();
    };
    ASSERT_TRUE(eventually([&] { return helpers(first) == 1; }));
    // A child of somebody else that ends must not cost the helper its life.
    expect_others_are_served();
    EXPECT_EQ(helpers(first), 1u);
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    const pid_t second = up("tide", first);
    ASSERT_GT(second, 0);
    EXPECT_TRUE(eventually([&] { return helpers(second) == 1; })) << "only the new one";
}

TEST_F(Misbehaving, ZombiesOfAServiceAreReapedOnceItHasEnded) {
    package("tide", {{"hooks/run", does("zombies 20 say many sleep-forever")}});
    start({"acme/tide"});
    const pid_t first = up("tide");
    ASSERT_GT(first, 0);
    ASSERT_TRUE(logged("tide.default(O): many"));
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    ASSERT_GT(up("tide", first), 0);
    EXPECT_TRUE(all_is_well(sup_->pid())) << "no zombie of the launcher\n" << log();
}

TEST_F(Misbehaving, AServiceThatPrintsAsFastAsItCanHoldsUpNobody) {
    package("tide", {{"hooks/run", does("flood")}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    ASSERT_TRUE(eventually([] { return fs::exists("/hab/svc/tide/logs/service.log.1"); }))
        << "its log is rotated";
    expect_others_are_served();
    ASSERT_TRUE(eventually([] { return fs::exists("/hab/svc/tide/logs/service.log.2"); }));
    EXPECT_EQ(up("tide"), pid) << "it is not punished for it";
    EXPECT_LT(memory(supervisor_pid()), 600u) << "MiB; a sanitizer's share included";
    EXPECT_EQ(terminate(), 0);
}

TEST_F(Misbehaving, AFullLogPipeHoldsUpTheServiceAndLosesNothing) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nwhile [ ! -e {{pkg.svc_data_path}}/go ]; do sleep 0.05; done\n"
                      "{{pkg.path}}/bin/misbehave lines 3000\ntouch {{pkg.svc_data_path}}/done\n"
                      "exec {{pkg.path}}/bin/misbehave say finished sleep-forever\n"}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    const pid_t supervisor = supervisor_pid();
    ASSERT_EQ(::kill(supervisor, SIGSTOP), 0);
    write("/hab/svc/tide/data/go", "");
    // 300 kB do not fit: it writes until the pipe is full, and then waits in the kernel.
    ASSERT_TRUE(eventually([&] {
        return trim(run({"sh", "-c", "cat /proc/$(pgrep -f 'misbehave [l]ines')/wchan"}).out)
                   .find("pipe") != std::string_view::npos;
    }));
    EXPECT_FALSE(fs::exists("/hab/svc/tide/data/done"));
    ASSERT_EQ(::kill(supervisor, SIGKILL), 0) << "and its successor reads on";
    ASSERT_TRUE(logged("tide.default(O): finished")) << log();
    EXPECT_EQ(up("tide"), pid);
    const std::string kept = read("/hab/svc/tide/logs/service.log");
    for (const int line : {0, 1500, 2999}) {
        EXPECT_NE(kept.find(fmt::format(" O {:<99}", line)), std::string::npos) << line;
    }
}

TEST_F(Misbehaving, AHangingHookDoesNotKeepItsServiceFromBeingStopped) {
    package("tide", {{"default.toml", "word = \"one\"\n"},
                     {"config/tide.conf", "{{cfg.word}}\n"},
                     {"hooks/run", forever},
                     {"hooks/reconfigure", does("ignore-term say hanging sleep-forever")}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write("/hab/user/tide/config/user.toml", "word = \"two\"\n");
    ASSERT_TRUE(logged("hanging")) << log();
    expect_others_are_served();
    unload("tide");
    EXPECT_FALSE(any_alive("misbehave")) << "the hook is gone, too";
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
}

TEST_F(Misbehaving, BytesThatAreNoTextDoNotReachConsoleOrGateway) {
    package("tide", {{"hooks/init",
                      "#!/bin/sh\nhead -c 20000 /dev/urandom\necho\nprintf 'a\\377\\001b\\n'\n"},
                     {"hooks/health-check", "#!/bin/sh\nprintf '\\000\\377\\376\\n'\nexit 1\n"},
                     {"hooks/run", forever}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    ASSERT_TRUE(
        logged("a\xEF\xBF\xBD\xEF\xBF\xBD"
               "b"))
        << "replaced by U+FFFD";
    ASSERT_TRUE(eventually([&] {
        return get("/services/tide/default/health").body.find("WARNING") != std::string::npos;
    }));
    EXPECT_EQ(get("/services/tide/default/health").body.find('\xFF'), std::string::npos);
    EXPECT_EQ(log().find('\xFF'), std::string::npos);
}

TEST_F(Misbehaving, AHookThatEndsByASignalHasFailed) {
    package("tide", {{"hooks/init",
                      "#!/bin/sh\ntest -e {{pkg.svc_data_path}}/mended && exit 0\n"
                      "kill -SEGV $$\n"},
                     {"hooks/post-run", "#!/bin/sh\nkill -KILL $$\n"},
                     {"hooks/run", forever}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    ASSERT_TRUE(logged("the init hook was terminated by signal 11 (SIGSEGV)")) << log();
    write("/hab/svc/tide/data/mended", "");
    EXPECT_GT(up("tide"), 0);
    EXPECT_TRUE(logged("the post-run hook was terminated by signal 9 (SIGKILL)")) << log();
}

TEST_F(Misbehaving, WithoutRoomForAProcessOfItsUserItIsTriedAgain) {
    package("tide", {{"hooks/run", forever}, {"SVC_USER", "hab\n"}, {"SVC_GROUP", "hab\n"}});
    // Eight processes of that user are too many: exec fails once the ids were changed.
    const Background crowd({"setpriv", "--reuid", "4242", "--regid", "4242", "--clear-groups", "sh",
                            "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait"});
    ASSERT_TRUE(
        eventually([] { return trim(run({"pgrep", "-c", "-u", "4242", "sleep"}).out) == "8"; }));
    sup_ = std::make_unique<Background>(std::vector<std::string>{
        "prlimit", "--nproc=8", program("libexec/hab/hab-launch").string(), "run", "--listen-http",
        "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0", "--service-min-backoff-period", "1",
        "--service-max-backoff-period", "1", "acme/tide"});
    ASSERT_TRUE(logged("cannot execute /hab/svc/tide/run: Resource temporarily unavailable"))
        << log();
    EXPECT_TRUE(logged("will restart after 1.00 secs"));
    EXPECT_EQ(text("tide", "process.state"), "down");
    crowd.signal(SIGKILL);
    EXPECT_EQ(run({"pkill", "-KILL", "-u", "4242", "sleep"}).exit_code, 0);
    EXPECT_GT(up("tide"), 0) << "there is room now";
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
}

/// A disk of its own for the trees of services.
class FullDisk : public Misbehaving {
protected:
    void SetUp() override {
        Misbehaving::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        fs::create_directories("/hab/svc");
        ASSERT_EQ(::mount("tmpfs", "/hab/svc", "tmpfs", 0, "mode=0755,size=2m"), 0);
        package("tide", {{"default.toml", "word = \"one\"\n"},
                         {"config/tide.conf", "begin {{cfg.word}}\n" + std::string(100'000, '.') +
                                                  "\nend {{cfg.word}}\n"},
                         {"hooks/run",
                          "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say 'has {{cfg.word}}' "
                          "sleep-forever\n"}});
    }
    void TearDown() override {
        Misbehaving::TearDown();
        ::umount2("/hab/svc", MNT_DETACH);
    }
    static void fill() {
        std::ofstream filler("/hab/svc/filler");
        const std::string block(4096, 'x');
        while (filler.write(block.data(), static_cast<long>(block.size())).flush()) {
        }
        struct statvfs room{};
        ASSERT_EQ(::statvfs("/hab/svc", &room), 0);
        ASSERT_LT(room.f_bavail * room.f_frsize, 8192u);
    }
    [[nodiscard]] static bool config_is(const std::string& word) {
        const std::string text = read(svc("tide") / "config/tide.conf");
        return text.starts_with("begin " + word + "\n") && text.ends_with("\nend " + word + "\n");
    }
};

TEST_F(FullDisk, OldFilesStayWholeAndNewOnesComeWhenThereIsRoom) {
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    Readers readers({{svc("tide") / "config/tide.conf", [](const std::string& text) {
                          return text.ends_with("\nend one\n") || text.ends_with("\nend two\n");
                      }}});
    ASSERT_NO_FATAL_FAILURE(fill());
    write("/hab/user/tide/config/user.toml", "word = \"two\"\n");
    ASSERT_TRUE(logged("No space left on device; the files rendered before stay in use")) << log();
    EXPECT_TRUE(config_is("one"));
    EXPECT_EQ(up("tide"), pid) << "and the process with them";
    fs::remove("/hab/svc/filler");
    EXPECT_TRUE(logged("tide.default(O): has two")) << "nobody had to ask\n" << log();
    EXPECT_TRUE(config_is("two"));
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
    EXPECT_EQ(readers.torn(), "");
}

TEST_F(FullDisk, AServiceIsSetUpAsSoonAsThereIsRoom) {
    start();
    ASSERT_NO_FATAL_FAILURE(fill());
    load("tide");
    ASSERT_TRUE(logged("Unable to start acme/tide")) << log();
    EXPECT_TRUE(logged("No space left on device")) << log();
    EXPECT_TRUE(logged("acme/tide is tried again in")) << log();
    fs::remove("/hab/svc/filler");
    EXPECT_GT(up("tide"), 0);
    EXPECT_TRUE(config_is("one"));
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
}

}  // namespace
}  // namespace hab::test
