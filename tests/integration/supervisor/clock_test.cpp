// SPDX-License-Identifier: Apache-2.0
// Somebody sets the clock of the machine while services run. What is due stays due at its time.
#include <signal.h>

#include <algorithm>
#include <chrono>

#include "invariants.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

constexpr long year = 365L * 24 * 3600;
const fs::path shift = "/hab/clock";

class ClockIsSet : public SupervisorTest {
protected:
    void SetUp() override {
        SupervisorTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        write(shift, "0");
        package("tide",
                {{"hooks/health-check", "#!/bin/sh\necho x >> {{pkg.svc_data_path}}/checks\n"},
                 {"hooks/run",
                  "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running "
                  "sleep-forever\n"}});
        package("job", {{"hooks/run", "#!/bin/sh\necho run >> {{pkg.svc_data_path}}/runs\n"}});
        package("weak", {{"hooks/run", "#!/bin/sh\necho weak\nexit 3\n"}});
        package("deaf", {{"hooks/run",
                          "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave ignore-term say deaf "
                          "sleep-forever\n"},
                         {"SHUTDOWN_TIMEOUT", "2\n"}});
        write("/hab/sup/default/specs/tide.spec",
              "ident = \"acme/tide\"\n[health_check_interval]\nsecs = 1\nnanos = 0\n");
        write("/hab/sup/default/specs/job.spec", "ident = \"acme/job\"\nevery = 1\n");
        write("/hab/sup/default/specs/weak.spec", "ident = \"acme/weak\"\n");
        write("/hab/sup/default/specs/deaf.spec", "ident = \"acme/deaf\"\n");
        start({"--service-min-backoff-period", "1", "--service-max-backoff-period", "1"},
              {.env = {{"LD_PRELOAD", program("tests/clock_jump.so").string()},
                       {"HAB_TEST_CLOCK", shift.string()},
                       // Without sanitizers nobody reads it; with one, it insists on being first.
                       {"ASAN_OPTIONS", "verify_asan_link_order=0"}}});
        pid_ = up("tide");
        ASSERT_GT(pid_, 0);
        ASSERT_TRUE(logged("deaf.default(O): deaf"));
    }
    static std::size_t lines(const fs::path& file) {
        const auto text = read(file);
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    [[nodiscard]] std::string year_of_log() {
        const auto text = read("/hab/svc/weak/logs/service.log");
        return text.substr(text.rfind('\n', text.size() - 2) + 1, 4);
    }
    /// Everything that waits for a time comes again, soon and not in a rush.
    void expect_all_timers_go_on() {
        const auto runs = lines("/hab/svc/job/data/runs");
        const auto checks = lines("/hab/svc/tide/data/checks");
        const auto tries = count("weak.default(O): weak");
        const auto from = std::chrono::steady_clock::now();
        EXPECT_TRUE(eventually([&] { return lines("/hab/svc/job/data/runs") >= runs + 2; }))
            << log();
        EXPECT_TRUE(eventually([&] { return lines("/hab/svc/tide/data/checks") >= checks + 2; }))
            << log();
        EXPECT_TRUE(eventually([&] { return count("weak.default(O): weak") >= tries + 2; }))
            << log();
        const auto took =
            std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - from);
        const auto most = static_cast<std::size_t>(took.count()) + 2;
        EXPECT_LE(lines("/hab/svc/job/data/runs") - runs, most);
        EXPECT_LE(lines("/hab/svc/tide/data/checks") - checks, most);
        EXPECT_LE(count("weak.default(O): weak") - tries, most);
        EXPECT_EQ(up("tide"), pid_) << "and nothing else happens";
    }
    pid_t pid_ = 0;
};

TEST_F(ClockIsSet, ForwardByAYearAndBackByTwo) {
    ASSERT_TRUE(eventually([&] { return !year_of_log().empty(); }));
    const auto before = year_of_log();
    write(shift, std::to_string(year));
    ASSERT_TRUE(eventually([&] { return year_of_log() > before; })) << "it did jump";
    expect_all_timers_go_on();
    write(shift, std::to_string(-year));
    ASSERT_TRUE(eventually([&] { return year_of_log() < before; })) << "it did jump";
    expect_all_timers_go_on();
}

TEST_F(ClockIsSet, BackByAYearWhileASupervisorIsReplaced) {
    ASSERT_TRUE(eventually([] { return lines("/hab/svc/job/data/runs") >= 1; }));
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    write(shift, std::to_string(-year));
    ASSERT_TRUE(eventually([&] { return supervisor_pid() > 0 && supervisor_pid() != old; }));
    expect_all_timers_go_on();
}

TEST_F(ClockIsSet, WhileAServiceIsGivenItsTimeToStop) {
    const pid_t deaf = up("deaf");
    ASSERT_GT(deaf, 0);
    const auto from = std::chrono::steady_clock::now();
    fs::remove("/hab/sup/default/specs/deaf.spec");
    ASSERT_TRUE(logged("deaf.default(SV): Terminating service"));
    write(shift, std::to_string(year));
    EXPECT_TRUE(eventually([&] { return !alive(deaf); })) << log();
    EXPECT_GE(std::chrono::steady_clock::now() - from, std::chrono::seconds(2));
    write(shift, std::to_string(-year));
    EXPECT_EQ(terminate(), 0);
}

}  // namespace
}  // namespace hab::test
