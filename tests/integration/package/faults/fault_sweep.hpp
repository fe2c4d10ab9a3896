// SPDX-License-Identifier: Apache-2.0
// One command of hab, cut off or failed at every call that changes the disk.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "state_check.hpp"
#include "support/disk_tracer.hpp"
#include "support/power_loss.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

struct Scenario {
    std::string name;                ///< for HAB_CUT, see docs/decisions/crash-safety.md
    std::vector<std::string> words;  ///< after "hab"
    RunOptions options = {};
    /// Paths below /hab (relative) that may be in any state after a fault, such as a cache that is
    /// only a convenience.
    PathTest free = {};
    /// The command refuses to do its work a second time (uninstall): then a repetition may fail, as
    /// long as the state is the new one.
    bool once = false;
    /// Another command, run after the repetition: it removes the leavings that the repetition could
    /// not. Empty: none.
    std::vector<std::string> sweeper = {};
    /// Makes images of two runs comparable, where keys are random or names have the time in them.
    std::function<TreeImage(TreeImage)> normalise = without_times;
};

/// Sweeps over one scenario. The state of /hab when the object is made is the old state; an
/// undisturbed run makes the new one.
class FaultSweep {
public:
    explicit FaultSweep(Scenario scenario);

    /// SIGKILL instead of the n-th call, for all n (a fixed sample of them unless HAB_EXHAUSTIVE is
    /// set); plain writes also torn in half.
    void kill_everywhere();
    /// The n-th call fails with `error`; `lasting`: the disk stays full from there on.
    void fail_everywhere(int error, bool lasting);
    /// The power goes after each call: every tree that may be left.
    void cut_power_everywhere();
    /// All of the above, for scenarios without wishes of their own.
    void everything();
    /// Death at each passage (the first few) of each fail point that the sources name. Returns the
    /// fail points that this command passed.
    std::set<std::string> kill_at_fail_points();

private:
    [[nodiscard]] RunResult run_plainly(const std::vector<std::string>& words) const;
    void learn();
    [[nodiscard]] TreeImage take_hab() const;
    [[nodiscard]] TraceResult run_cut(const TraceOptions& options);
    void judge(const std::string& what);
    void judge_visible(const TreeImage& cut, const std::string& what) const;
    void judge_repetition(const std::string& what);
    void judge_error(const RunResult& result, int error, bool lasting, const std::string& what);
    /// Numbers (from 1) of the calls of the undisturbed run that are wanted.
    [[nodiscard]] std::vector<std::size_t> calls_that(
        const std::function<bool(const DiskCall&)>& wanted) const;
    [[nodiscard]] std::vector<std::size_t> chosen(const std::vector<std::size_t>& all,
                                                  const std::string& kind, std::size_t limit) const;

    Scenario scenario_;
    std::string hab_;
    TreeImage old_;
    TreeImage fresh_;
    std::vector<DiskCall> calls_;
    std::optional<PowerLoss> power_;
};

/// Base of the fault tests: an empty /hab; skips loudly where programs cannot be traced.
class FaultTest : public WorldTest {
protected:
    void SetUp() override;
    /// Runs hab; a failure of it is a failure of the test.
    static void hab(std::vector<std::string> words);
};

/// Names of all fail points in the sources of the rooms that commands on packages and keys use.
[[nodiscard]] std::set<std::string> fail_points();

}  // namespace hab::test
