// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <cstdlib>

#include "base/strings.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

class Takeover : public SupervisorTest {
protected:
    void SetUp() override {
        SupervisorTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        package("tide",
                {{"default.toml", "word = \"one\"\n"},
                 {"config/tide.conf", "{{cfg.word}}\n"},
                 {"hooks/init", "#!/bin/sh\necho init ran\n"},
                 {"hooks/reconfigure", "#!/bin/sh\necho reconfigure ran\n"},
                 {"hooks/run",
                  "#!/bin/sh\n{{pkg.path}}/bin/misbehave say alive\n"
                  "while :; do read line < {{pkg.svc_data_path}}/pipe && echo \"got $line\"; "
                  "done\n"},
                 {"hooks/post-run", "#!/bin/sh\nexit 0\n"}});
        fs::create_directories("/hab/svc/tide/data");
        ASSERT_EQ(run({"mkfifo", "/hab/svc/tide/data/pipe"}).exit_code, 0);
        start({"acme/tide"});
        pid_ = up("tide");
        ASSERT_GT(pid_, 0);
        ASSERT_TRUE(logged("tide.default(O): alive"));
        old_ = supervisor_pid();
        ASSERT_GT(old_, 0);
    }
    void expect_taken_over() {
        ASSERT_TRUE(eventually([&] { return supervisor_pid() > 0 && supervisor_pid() != old_; }));
        ASSERT_TRUE(logged("Reattaching to tide.default")) << log();
        EXPECT_EQ(up("tide"), pid_) << "the same process";
        EXPECT_EQ(count("init ran"), 1u) << "init does not run again\n" << log();
    }
    pid_t pid_ = 0;
    pid_t old_ = 0;
};

TEST_F(Takeover, AfterKillTheServiceLivesAndIsStillHeard) {
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    expect_taken_over();
    ASSERT_EQ(run({"sh", "-c", "echo word > /hab/svc/tide/data/pipe"}).exit_code, 0);
    EXPECT_TRUE(logged("tide.default(O): got word")) << log();
}

TEST_F(Takeover, TheNewSupervisorRestartsReconfiguresAndStops) {
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    expect_taken_over();
    write("/hab/user/tide/config/user.toml", "word = \"two\"\n");
    ASSERT_TRUE(logged("reconfigure ran")) << log();
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "two\n");
    ASSERT_EQ(::kill(pid_, SIGKILL), 0);
    const pid_t second = up("tide", pid_);
    ASSERT_GT(second, 0);
    EXPECT_EQ(terminate(), 0);
    EXPECT_FALSE(alive(second));
}

TEST_F(Takeover, AChangeWhileNobodyWatchedIsBroughtIn) {
    // The launcher waits a moment before it starts a supervisor that died young; whichever comes
    // first, the file must be seen.
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    write("/hab/user/tide/config/user.toml", "word = \"meanwhile\"\n");
    ASSERT_TRUE(logged("reconfigure ran")) << log();
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "meanwhile\n");
    EXPECT_EQ(up("tide"), pid_);
}

TEST_F(Takeover, HangupRestartsTheSupervisorOnly) {
    ASSERT_EQ(::kill(sup_->pid(), SIGHUP), 0);
    expect_taken_over();
    EXPECT_TRUE(logged("services keep running"));
}

TEST_F(Takeover, ADeathThatNobodySawIsStillAFailure) {
    // Stopped, the supervisor cannot notice; killed, it never will: its successor learns of it.
    ASSERT_EQ(::kill(old_, SIGSTOP), 0);
    ASSERT_EQ(::kill(pid_, SIGKILL), 0);
    ASSERT_TRUE(logged("Child for service 'tide' with PID"));
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    const pid_t second = up("tide", pid_);
    EXPECT_GT(second, 0);
    EXPECT_TRUE(logged("was terminated by signal 9")) << log();
}

TEST_F(Takeover, ABogusPidFileMeansNothing) {
    write(svc("tide") / "PID", "1");
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    expect_taken_over();
    EXPECT_EQ(terminate(), 0);
    EXPECT_FALSE(alive(pid_));
}

TEST_F(Takeover, AConfigurationThatBrokeMeanwhileDoesNotEndTheService) {
    write("/hab/user/tide/config/user.toml", "word = = \n");
    ASSERT_TRUE(logged("stays in use")) << log();
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    ASSERT_TRUE(logged("keeps running, but unattended")) << log();
    EXPECT_TRUE(alive(pid_));
    ASSERT_EQ(run({"sh", "-c", "echo word > /hab/svc/tide/data/pipe"}).exit_code, 0);
    EXPECT_TRUE(logged("tide.default(O): got word")) << "it is still heard";
    write("/hab/user/tide/config/user.toml", "word = \"mended\"\n");
    ASSERT_TRUE(logged("Reattaching to tide.default")) << log();
    EXPECT_EQ(up("tide"), pid_);
    ASSERT_TRUE(logged("reconfigure ran")) << log();
}

TEST_F(Takeover, AServiceUnloadedMeanwhileIsEnded) {
    ASSERT_EQ(::kill(old_, SIGSTOP), 0);
    fs::remove("/hab/sup/default/specs/tide.spec");
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return !alive(pid_); })) << log();
    EXPECT_TRUE(logged("it is not loaded any more"));
}

TEST_F(Takeover, CountsAndTheLastEndAreKnownToTheNextSupervisor) {
    ASSERT_EQ(::kill(pid_, SIGKILL), 0);
    const pid_t second = up("tide", pid_);
    ASSERT_GT(second, 0);
    pid_ = second;
    EXPECT_EQ(number("tide", "restart_count"), 1);
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return supervisor_pid() > 0 && supervisor_pid() != old_; }));
    ASSERT_EQ(up("tide"), pid_);
    EXPECT_EQ(number("tide", "restart_count"), 1);
    EXPECT_EQ(text("tide", "last_process_state.termination_reason"),
              "was terminated by signal 9 (SIGKILL)");
}

TEST_F(Takeover, ASupervisorThatCrashesAgainAndAgainIsStartedLessAndLessOften) {
    for (int deaths = 0; deaths < 3; ++deaths) {
        // The kernel's list of children can lack some while one of them ends.
        pid_t supervisor = 0;
        ASSERT_TRUE(eventually([&] { return (supervisor = supervisor_pid()) > 0; })) << log();
        ASSERT_EQ(::kill(supervisor, SIGKILL), 0);
        ASSERT_TRUE(eventually([&] {
            return supervisor_pid() > 0 && supervisor_pid() != supervisor;
        })) << log();
    }
    EXPECT_TRUE(logged("starting it again, services keep running")) << "at once\n" << log();
    EXPECT_TRUE(logged("starting it again in 1 s, services keep running")) << log();
    EXPECT_TRUE(logged("starting it again in 2 s, services keep running")) << log();
    EXPECT_EQ(up("tide"), pid_) << "the same process through all of it";
}

TEST_F(Takeover, WhatAHookStartedDiesWithItsSupervisor) {
    package("slow", {{"hooks/init",
                      "#!/bin/sh\n{{pkg.path}}/bin/misbehave ignore-term "
                      "sleep-forever &\n{{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"hooks/run", "#!/bin/sh\nexit 0\n"}});
    write("/hab/sup/default/specs/slow.spec", "ident = \"acme/slow\"\n");
    const auto sleepers = [] {
        const auto out = run({"pgrep", "--runstates", "D,R,S", "-c", "misbehave"}).out;
        return std::atoi(out.c_str());
    };
    ASSERT_TRUE(eventually([&] { return sleepers() == 2; })) << log();
    // Stopped, so that the next supervisor does not run the hook again.
    fs::remove("/hab/sup/default/specs/slow.spec");
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return sleepers() == 0; })) << log();
    EXPECT_EQ(up("tide"), pid_);
}

/// A service whose children ignore TERM, one of them in a session of its own.
const Files stubborn{
    {"hooks/run",
     "#!/bin/sh\ntrap '' TERM\nsetsid {{pkg.path}}/bin/misbehave ignore-term sleep-forever &\n"
     "{{pkg.path}}/bin/misbehave ignore-term say stubborn sleep-forever\n"}};

TEST_F(Takeover, NothingOutlivesALauncherThatWasKilled) {
    package("stubborn", stubborn);
    write("/hab/sup/default/specs/stubborn.spec", "ident = \"acme/stubborn\"\n");
    ASSERT_TRUE(logged("stubborn.default(O): stubborn")) << log();
    sup_->signal(SIGKILL);
    EXPECT_TRUE(eventually([] { return !any_alive("misbehave"); }));
    EXPECT_TRUE(eventually([&] { return !alive(old_); })) << "hab-sup ends with it";
    EXPECT_FALSE(alive(pid_));
}

TEST_F(Takeover, TheNextLauncherEndsWhatTwoKilledOnesLeft) {
    package("stubborn", stubborn);
    write("/hab/sup/default/specs/stubborn.spec", "ident = \"acme/stubborn\"\n");
    ASSERT_TRUE(logged("stubborn.default(O): stubborn")) << log();
    ASSERT_EQ(::kill(old_, SIGSTOP), 0);
    sup_->signal(SIGKILL);
    ASSERT_EQ(::kill(old_, SIGKILL), 0);
    ASSERT_FALSE(sup_->wait() == 0);
    ASSERT_TRUE(any_alive("misbehave")) << "they ignore everything but KILL";
    const auto before = run({"pgrep", "misbehave"}).out;
    fs::remove("/hab/sup/default/listen.json");
    start();
    EXPECT_TRUE(logged("of a launcher that was killed before")) << log();
    EXPECT_TRUE(logged("stubborn.default(O): stubborn")) << "it is started again\n" << log();
    for (const auto& pid : split(trim(before), '\n'))
        EXPECT_FALSE(alive(std::atoi(std::string(pid).c_str()))) << pid;
}

}  // namespace
}  // namespace hab::test
