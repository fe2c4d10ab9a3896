// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

namespace hab::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::Not;

constexpr ExitStatus ok{0, 0};

class Machine : public ::testing::Test {
protected:
    ServiceMachine make(std::vector<Hook> hooks,
                        BackoffPolicy backoff = {milliseconds(1000), milliseconds(60000), true},
                        Readiness readiness = Readiness::process) {
        MachineSettings settings;
        settings.hooks = std::move(hooks);
        settings.process_user = "user=hab, group=hab";
        settings.stop_timeout = seconds(8);
        settings.stop_signal = SIGTERM;
        settings.backoff = backoff;
        settings.readiness = readiness;
        settings.cooldown = seconds(300);
        return ServiceMachine(std::move(settings), entropy);
    }
    ServiceMachine running(std::vector<Hook> hooks = {}) {
        auto machine = make(std::move(hooks));
        (void)machine.start("test");
        if (machine.phase() == ServicePhase::initializing) {
            (void)machine.hook_ended(Hook::init, ok, false, t0);
        }
        (void)machine.process_started(100, t0);
        EXPECT_EQ(machine.phase(), ServicePhase::up);
        return machine;
    }
    SeededEntropy entropy{11};
    const SteadyTime t0{};
};

bool says(const Actions& actions, std::string_view part) {
    return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
        const auto* line = std::get_if<Say>(&action);
        return line != nullptr && line->text.find(part) != std::string::npos;
    });
}

TEST_F(Machine, StartsAtOnceWithoutInitHook) {
    auto machine = make({});
    const auto actions = machine.start("wanted");
    EXPECT_THAT(actions, Contains(Action(SpawnProcess{})));
    EXPECT_TRUE(says(actions, "Starting service as user=hab, group=hab"));
    EXPECT_EQ(machine.phase(), ServicePhase::starting);
    EXPECT_TRUE(machine.initialized());
    EXPECT_TRUE(machine.start("again").empty()) << "a decision that makes no sense is ignored";
}

TEST_F(Machine, RunsInitBeforeEveryStart) {
    auto machine = make({Hook::init});
    EXPECT_THAT(machine.start("wanted"), Contains(Action(RunHook{Hook::init})));
    EXPECT_EQ(machine.phase(), ServicePhase::initializing);
    EXPECT_THAT(machine.hook_ended(Hook::init, ok, false, t0), Contains(Action(SpawnProcess{})));
    (void)machine.process_started(100, t0);
    (void)machine.process_exited({1, 0}, t0);
    EXPECT_FALSE(machine.initialized());
    EXPECT_THAT(machine.start("again"), Contains(Action(RunHook{Hook::init})));
}

TEST_F(Machine, InitAloneDoesNotStartTheProcess) {
    auto machine = make({Hook::init});
    (void)machine.init("leader first");
    const auto actions = machine.hook_ended(Hook::init, ok, false, t0);
    EXPECT_THAT(actions, Not(Contains(Action(SpawnProcess{}))));
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_TRUE(machine.initialized());
    EXPECT_THAT(machine.start("now"), Contains(Action(SpawnProcess{})));
}

TEST_F(Machine, FailedInitBacksOffAndSaysWhy) {
    auto machine = make({Hook::init});
    (void)machine.start("wanted");
    auto actions = machine.hook_ended(Hook::init, {3, 0}, false, t0);
    EXPECT_TRUE(says(actions, "will restart immediately: the init hook exited with code 3"));
    EXPECT_EQ(machine.restart_after(), t0);
    (void)machine.start("again");
    actions = machine.hook_ended(Hook::init, ok, true, t0);
    EXPECT_TRUE(says(actions, "will restart after 1.00 secs: the init hook took too long"));
    EXPECT_EQ(machine.restart_after(), t0 + seconds(1));
    EXPECT_EQ(machine.phase(), ServicePhase::backoff);
}

TEST_F(Machine, DeathIsAFailureWhateverTheExitCode) {
    auto machine = running();
    const auto actions = machine.process_exited({0, 0}, t0);
    EXPECT_TRUE(says(actions, "the process exited with code 0"));
    EXPECT_THAT(actions, Contains(Action(ProcessIsDown{})));
    EXPECT_EQ(machine.phase(), ServicePhase::backoff);
    EXPECT_FALSE(machine.pid());
    (void)machine.start("again");
    (void)machine.process_started(101, t0);
    EXPECT_EQ(machine.restarts(), 1u);
    EXPECT_EQ(machine.pid(), 101);
}

TEST_F(Machine, CooldownForgetsEarlierFailures) {
    auto machine = running();
    (void)machine.process_exited({1, 0}, t0);
    (void)machine.start("again");
    (void)machine.process_started(101, t0);
    (void)machine.timer_fired(MachineTimer::cooldown, t0 + seconds(300));
    (void)machine.process_exited({1, 0}, t0 + seconds(400));
    EXPECT_EQ(machine.restart_after(), t0 + seconds(400)) << "first failure again: at once";
}

TEST_F(Machine, StopsWithSignalThenKillsAfterTheTimeout) {
    auto machine = running();
    auto actions = machine.stop("asked", t0);
    EXPECT_THAT(actions, Contains(Action(SignalProcess{100, SIGTERM})));
    EXPECT_THAT(actions, Contains(Action(SetTimer{MachineTimer::kill, t0 + seconds(8)})));
    EXPECT_TRUE(says(actions, "Terminating service (PID: 100)"));
    actions = machine.timer_fired(MachineTimer::kill, t0 + seconds(8));
    EXPECT_THAT(actions, Contains(Action(SignalProcess{100, SIGKILL})));
    (void)machine.process_exited({0, SIGKILL}, t0 + seconds(8));
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_FALSE(machine.restart_after()) << "an end that was asked for is no failure";
}

TEST_F(Machine, StopTimeoutOfTheCommandWinsAndHoldsOnce) {
    auto machine = running();
    machine.set_stop_timeout(seconds(2));
    EXPECT_THAT(machine.stop("asked", t0),
                Contains(Action(SetTimer{MachineTimer::kill, t0 + seconds(2)})));
    (void)machine.process_exited({0, SIGTERM}, t0);
    (void)machine.start("again");
    (void)machine.process_started(101, t0);
    EXPECT_THAT(machine.stop("asked", t0),
                Contains(Action(SetTimer{MachineTimer::kill, t0 + seconds(8)})));
}

TEST_F(Machine, PostStopRunsOnceTheProcessIsGone) {
    auto machine = running({Hook::post_stop});
    EXPECT_THAT(machine.stop("asked", t0), Not(Contains(Action(RunHook{Hook::post_stop}))));
    EXPECT_THAT(machine.process_exited({0, SIGTERM}, t0),
                Contains(Action(RunHook{Hook::post_stop})));
    EXPECT_EQ(machine.phase(), ServicePhase::post_stop);
    EXPECT_FALSE(machine.at_rest());
    (void)machine.hook_ended(Hook::post_stop, {1, 0}, false, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
}

TEST_F(Machine, StopWhileInitializingKillsTheHook) {
    auto machine = make({Hook::init});
    (void)machine.start("wanted");
    EXPECT_THAT(machine.stop("asked", t0), Contains(Action(CancelHook{Hook::init})));
    EXPECT_EQ(machine.phase(), ServicePhase::down);
}

TEST_F(Machine, StopWhileStartingWaitsForThePid) {
    auto machine = make({});
    (void)machine.start("wanted");
    EXPECT_THAT(machine.stop("asked", t0), Not(Contains(Action(SignalProcess{100, SIGTERM}))));
    EXPECT_THAT(machine.process_started(100, t0), Contains(Action(SignalProcess{100, SIGTERM})));
    (void)machine.process_exited({0, SIGTERM}, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
}

TEST_F(Machine, StopEndsABackoff) {
    auto machine = running();
    (void)machine.process_exited({1, 0}, t0);
    (void)machine.stop("asked", t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_FALSE(machine.restart_after());
}

TEST_F(Machine, ConfigChangeIsShownUntilReconfigured) {
    auto machine = running({Hook::reconfigure});
    (void)machine.files_changed({.config = true, .start_hooks = false, .reconfigure_hook = false});
    EXPECT_TRUE(machine.changed());
    EXPECT_TRUE(machine.reconfigurable());
    EXPECT_THAT(machine.reconfigure(), Contains(Action(RunHook{Hook::reconfigure})));
    EXPECT_FALSE(machine.changed());
    EXPECT_TRUE(machine.reconfigure().empty()) << "one at a time, the second waits";
    EXPECT_THAT(machine.hook_ended(Hook::reconfigure, ok, false, t0),
                Contains(Action(RunHook{Hook::reconfigure})));
    EXPECT_THAT(machine.hook_ended(Hook::reconfigure, ok, false, t0),
                Contains(Action(ProcessIsUp{})));
    EXPECT_EQ(machine.pid(), 100);
}

TEST_F(Machine, AChangeIsUnappliedUntilTheReconfigureHookHasEnded) {
    auto machine = running({Hook::reconfigure});
    EXPECT_FALSE(machine.unapplied().config);
    (void)machine.files_changed({true, false, false});
    EXPECT_TRUE(machine.unapplied().config);
    (void)machine.reconfigure();
    EXPECT_FALSE(machine.changed()) << "it is being brought in";
    EXPECT_TRUE(machine.unapplied().config) << "but who dies now has not done it";
    (void)machine.hook_ended(Hook::reconfigure, ok, false, t0);
    EXPECT_FALSE(machine.unapplied().config);
}

TEST_F(Machine, AnUnfinishedPostStopHookOfAnEarlierSupervisorIsRunBeforeTheStart) {
    auto machine = make({Hook::post_stop});
    EXPECT_THAT(machine.restore_post_stop(), Contains(Action(RunHook{Hook::post_stop})));
    EXPECT_TRUE(machine.start("wanted").empty()) << "not before it has ended";
    (void)machine.hook_ended(Hook::post_stop, ok, false, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_FALSE(machine.start("wanted").empty());
    auto without = make({});
    EXPECT_TRUE(without.restore_post_stop().empty());
}

TEST_F(Machine, ChangedRunHookNeedsARestartEvenWithReconfigure) {
    auto machine = running({Hook::reconfigure});
    (void)machine.files_changed({.config = false, .start_hooks = true, .reconfigure_hook = false});
    EXPECT_TRUE(machine.changed());
    EXPECT_FALSE(machine.reconfigurable());
    const auto actions = machine.restart("its hooks changed", t0);
    EXPECT_THAT(actions, Contains(Action(SignalProcess{100, SIGTERM})));
    (void)machine.process_exited({0, SIGTERM}, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_FALSE(machine.restart_after());
    EXPECT_FALSE(machine.changed());
}

TEST_F(Machine, ChangesWhileDownNeedNothing) {
    auto machine = make({});
    (void)machine.files_changed({.config = true, .start_hooks = true, .reconfigure_hook = false});
    EXPECT_FALSE(machine.changed());
}

TEST_F(Machine, ReattachingRunsNeitherInitNorPostRun) {
    auto machine = make({Hook::init, Hook::post_run});
    const auto actions = machine.reattached(77, t0);
    EXPECT_THAT(actions, Not(Contains(Action(RunHook{Hook::init}))));
    EXPECT_THAT(actions, Not(Contains(Action(RunHook{Hook::post_run}))));
    EXPECT_TRUE(machine.initialized());
    EXPECT_EQ(machine.pid(), 77);
    EXPECT_EQ(machine.phase(), ServicePhase::up);
    EXPECT_EQ(machine.restarts(), 0u);
}

TEST_F(Machine, ReattachingCountsARestartThatNobodyCounted) {
    auto first = make({});
    (void)first.reattached(77, t0, false, true);
    EXPECT_EQ(first.restarts(), 0u) << "the first start is none";
    auto later = make({});
    later.restore(4, {});
    (void)later.reattached(77, t0, false, true);
    EXPECT_EQ(later.restarts(), 5u);
}

TEST_F(Machine, FailedPostRunIsTriedAgainWithGrowingWaits) {
    auto machine = running({Hook::post_run});
    EXPECT_THAT(machine.hook_ended(Hook::post_run, {1, 0}, false, t0),
                Contains(Action(SetTimer{MachineTimer::post_run, t0 + seconds(1)})));
    EXPECT_THAT(machine.timer_fired(MachineTimer::post_run, t0 + seconds(1)),
                Contains(Action(RunHook{Hook::post_run})));
    EXPECT_TRUE(machine.hook_ended(Hook::post_run, ok, false, t0).empty());
}

TEST_F(Machine, SpawnFailureBacksOffWithTheReason) {
    auto machine = make({});
    (void)machine.start("wanted");
    EXPECT_TRUE(says(machine.spawn_failed("cannot execute /x/run: No such file", t0),
                     "cannot execute /x/run"));
    EXPECT_EQ(machine.phase(), ServicePhase::backoff);
}

TEST_F(Machine, DrainsBeforeTheSignal) {
    auto machine = running({Hook::pre_stop});
    const auto begun = machine.stop("asked", t0);
    EXPECT_THAT(begun, Contains(Action(RunHook{Hook::pre_stop})));
    EXPECT_THAT(begun, Not(Contains(Action(SignalProcess{100, SIGTERM}))));
    EXPECT_EQ(machine.phase(), ServicePhase::draining);
    const auto drained = machine.hook_ended(Hook::pre_stop, ok, false, t0);
    EXPECT_THAT(drained, Contains(Action(SignalProcess{100, SIGTERM})));
    EXPECT_EQ(machine.phase(), ServicePhase::stopping);
    (void)machine.process_exited({0, SIGTERM}, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_FALSE(machine.restart_after()) << "that was no failure";
}

TEST_F(Machine, APreStopHookThatFailsDoesNotKeepTheService) {
    auto machine = running({Hook::pre_stop});
    (void)machine.stop("asked", t0);
    const auto actions = machine.hook_ended(Hook::pre_stop, {3, 0}, false, t0);
    EXPECT_TRUE(says(actions, "the pre-stop hook exited with code 3; the service is stopped now"));
    EXPECT_THAT(actions, Contains(Action(SignalProcess{100, SIGTERM})));
}

TEST_F(Machine, AShorterTimeCutsDrainingShort) {
    auto machine = running({Hook::pre_stop});
    (void)machine.stop("asked", t0);
    machine.set_stop_timeout(seconds(1));
    EXPECT_THAT(machine.stop("hurry", t0),
                Contains(Action(SetTimer{MachineTimer::drain, t0 + seconds(1)})));
    const auto actions = machine.timer_fired(MachineTimer::drain, t0 + seconds(1));
    EXPECT_THAT(actions, Contains(Action(CancelHook{Hook::pre_stop})));
    EXPECT_THAT(actions, Contains(Action(SignalProcess{100, SIGTERM})));
    EXPECT_TRUE(machine.timer_fired(MachineTimer::drain, t0).empty()) << "only once";
}

TEST_F(Machine, AProcessThatEndsWhileDrainingWasMeantTo) {
    auto machine = running({Hook::pre_stop});
    (void)machine.restart("its configuration changed", t0);
    EXPECT_EQ(machine.phase(), ServicePhase::draining);
    const auto actions = machine.process_exited({0, 0}, t0);
    EXPECT_THAT(actions, Contains(Action(CancelHook{Hook::pre_stop})));
    EXPECT_THAT(actions, Contains(Action(ProcessIsDown{})));
    EXPECT_FALSE(says(actions, "Service failed"));
    EXPECT_EQ(machine.phase(), ServicePhase::down);
}

TEST_F(Machine, ACrashIsNotDrained) {
    auto machine = running({Hook::pre_stop});
    EXPECT_THAT(machine.process_exited({1, 0}, t0), Not(Contains(Action(RunHook{Hook::pre_stop}))));
}

TEST_F(Machine, IsReadyAsSoonAsItRunsUnlessItSaysOtherwise) {
    auto machine = make({});
    (void)machine.start("test");
    EXPECT_FALSE(machine.ready());
    EXPECT_THAT(machine.process_started(100, t0), Contains(Action(ProcessIsReady{})));
    EXPECT_TRUE(machine.ready());
    (void)machine.process_exited({1, 0}, t0);
    EXPECT_FALSE(machine.ready());
}

TEST_F(Machine, AsksTheReadyHookUntilItAgrees) {
    auto machine = make({Hook::ready}, {}, Readiness::hook);
    (void)machine.start("test");
    const auto started = machine.process_started(100, t0);
    EXPECT_THAT(started, Contains(Action(RunHook{Hook::ready})));
    EXPECT_THAT(started, Not(Contains(Action(ProcessIsReady{}))));
    auto actions = machine.hook_ended(Hook::ready, {1, 0}, false, t0);
    EXPECT_TRUE(says(actions, "the ready hook exited with code 1; it is asked again every second"));
    EXPECT_THAT(actions, Contains(Action(SetTimer{MachineTimer::ready, t0 + seconds(1)})));
    EXPECT_THAT(machine.timer_fired(MachineTimer::ready, t0),
                Contains(Action(RunHook{Hook::ready})));
    actions = machine.hook_ended(Hook::ready, {1, 0}, false, t0);
    EXPECT_FALSE(says(actions, "ready hook")) << "said once is enough";
    EXPECT_THAT(machine.hook_ended(Hook::ready, ok, false, t0), Contains(Action(ProcessIsReady{})));
    EXPECT_TRUE(machine.ready());
}

TEST_F(Machine, TakesALineOnItsDescriptorOnce) {
    auto machine = make({}, {}, Readiness::descriptor);
    (void)machine.start("test");
    EXPECT_TRUE(machine.notified().empty()) << "there is no process yet";
    (void)machine.process_started(100, t0);
    EXPECT_FALSE(machine.ready());
    EXPECT_THAT(machine.notified(), Contains(Action(ProcessIsReady{})));
    EXPECT_TRUE(machine.notified().empty());
}

TEST_F(Machine, StaysReadyThroughANewSupervisor) {
    auto known = make({Hook::ready}, {}, Readiness::hook);
    EXPECT_THAT(known.reattached(100, t0, true), Contains(Action(ProcessIsReady{})));
    auto unknown = make({Hook::ready}, {}, Readiness::hook);
    EXPECT_THAT(unknown.reattached(100, t0, false), Contains(Action(RunHook{Hook::ready})));
}

class OnceMachine : public Machine {
protected:
    ServiceMachine once(std::optional<milliseconds> every, std::vector<Hook> hooks = {}) {
        MachineSettings settings;
        settings.hooks = std::move(hooks);
        settings.run_once = true;
        settings.every = every;
        ServiceMachine machine(std::move(settings), entropy);
        (void)machine.start("test");
        (void)machine.process_started(100, t0);
        return machine;
    }
};

TEST_F(OnceMachine, AGoodEndFinishesItUntilItIsStopped) {
    auto machine = once({});
    EXPECT_TRUE(says(machine.process_exited(ok, t0), "Service finished"));
    EXPECT_EQ(machine.phase(), ServicePhase::finished);
    EXPECT_TRUE(machine.at_rest());
    EXPECT_TRUE(machine.start("the topology wants it").empty());
    EXPECT_FALSE(machine.next_run());
    (void)machine.stop("asked", t0);
    EXPECT_EQ(machine.phase(), ServicePhase::down);
    EXPECT_THAT(machine.start("asked"), Contains(Action(SpawnProcess{})));
}

TEST_F(OnceMachine, ABadEndIsAFailure) {
    auto machine = once({});
    (void)machine.process_exited({1, 0}, t0);
    EXPECT_TRUE(machine.restart_after());
    EXPECT_FALSE(machine.finished());
    EXPECT_EQ(machine.restarts(), 1u);
}

TEST_F(OnceMachine, RunsAgainOnePeriodAfterItsStart) {
    auto machine = once(seconds(60));
    EXPECT_THAT(machine.process_exited(ok, t0 + seconds(20)),
                Contains(Action(SetTimer{MachineTimer::again, t0 + seconds(60)})));
    EXPECT_EQ(machine.next_run(), t0 + seconds(60));
    EXPECT_FALSE(machine.timer_fired(MachineTimer::again, t0 + seconds(60)).empty());
    EXPECT_THAT(machine.start("again"), Contains(Action(SpawnProcess{})));
    (void)machine.process_started(101, t0 + seconds(60));
    EXPECT_THAT(machine.process_exited(ok, t0 + seconds(200)),
                Contains(Action(SetTimer{MachineTimer::again, t0 + seconds(200)})))
        << "a run that took longer than the period is followed at once";
}

TEST_F(OnceMachine, ThePostStopHookComesBetween) {
    auto machine = once(seconds(1), {Hook::post_stop});
    (void)machine.process_exited(ok, t0);
    EXPECT_EQ(machine.phase(), ServicePhase::post_stop);
    EXPECT_THAT(machine.timer_fired(MachineTimer::again, t0 + seconds(1)),
                Contains(Action(SetTimer{MachineTimer::again, t0 + seconds(2)})));
    (void)machine.hook_ended(Hook::post_stop, ok, false, t0 + seconds(1));
    EXPECT_EQ(machine.phase(), ServicePhase::finished);
}

TEST_F(OnceMachine, AFinishIsRememberedByTheNextSupervisor) {
    MachineSettings settings;
    settings.run_once = true;
    ServiceMachine machine(std::move(settings), entropy);
    EXPECT_THAT(machine.restore_finished(t0 + seconds(5)),
                Contains(Action(SetTimer{MachineTimer::again, t0 + seconds(5)})));
    EXPECT_EQ(machine.phase(), ServicePhase::finished);
    EXPECT_TRUE(machine.start("the topology wants it").empty());
}

}  // namespace
}  // namespace hab::supervisor
