// SPDX-License-Identifier: Apache-2.0
#include "fault_sweep.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>
#include <regex>

#include "base/files.hpp"
#include "base/strings.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// How many cuts of one kind a scenario gets in a normal run.
constexpr std::size_t usual_cuts = 16;
constexpr int passages_tried = 3;

std::string from_env(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

FaultSweep::FaultSweep(Scenario scenario)
    : scenario_(std::move(scenario)), hab_(program("bin/hab").string()) {
    learn();
}

TreeImage FaultSweep::take_hab() const {
    return scenario_.normalise(TreeImage::take("/hab"));
}

/// The command from the old state, with a fault.
TraceResult FaultSweep::run_cut(const TraceOptions& options) {
    old_.restore("/hab");
    std::vector<std::string> argv = scenario_.words;
    argv.insert(argv.begin(), hab_);
    return run_traced(argv, scenario_.options, options);
}

void FaultSweep::everything() {
    kill_everywhere();
    fail_everywhere(ENOSPC, true);
    fail_everywhere(EIO, false);
    cut_power_everywhere();
}

void FaultSweep::learn() {
    old_ = TreeImage::take("/hab");
    power_.emplace(old_);
    TraceOptions options;
    options.after = [this](const DiskCall& call) { power_->record(call, "/hab"); };
    std::vector<std::string> argv = scenario_.words;
    argv.insert(argv.begin(), hab_);
    TraceResult result = run_traced(argv, scenario_.options, options);
    ASSERT_EQ(result.run.exit_code, 0) << result.run.err << result.run.out;
    calls_ = std::move(result.calls);
    ASSERT_FALSE(calls_.empty());
    fresh_ = take_hab();
    if (!from_env("HAB_CUT_LIST").empty()) {
        fmt::print("{}{}", result.run.out, result.run.err);
        for (std::size_t i = 0; i < calls_.size(); ++i)
            fmt::print("{} {:>4} {}\n", scenario_.name, i + 1, calls_[i].text());
    }
}

std::vector<std::size_t> FaultSweep::calls_that(
    const std::function<bool(const DiskCall&)>& wanted) const {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (wanted(calls_[i])) numbers.push_back(i + 1);
    }
    return numbers;
}

/// HAB_CUT="install:kill:17" runs that one cut only; HAB_EXHAUSTIVE all of them.
std::vector<std::size_t> FaultSweep::chosen(const std::vector<std::size_t>& all,
                                            const std::string& kind, std::size_t limit) const {
    const std::string only = from_env("HAB_CUT");
    const std::string prefix = scenario_.name + ":" + kind + ":";
    if (!only.empty()) {
        if (!only.starts_with(prefix)) return {};
        return {static_cast<std::size_t>(std::atoi(only.c_str() + prefix.size()))};
    }
    const std::size_t count = all.size();
    if (!from_env("HAB_EXHAUSTIVE").empty() || count <= limit) return all;
    // One from each of `limit` equal parts, always the same ones; the last calls count most.
    std::mt19937 random(20260101);
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < limit; ++i) {
        const std::size_t begin = i * count / limit;
        const std::size_t end = (i + 1) * count / limit;
        some.push_back(all[begin + random() % (end - begin)]);
    }
    if (some.back() != all.back()) some.push_back(all.back());
    return some;
}

RunResult FaultSweep::run_plainly(const std::vector<std::string>& words) const {
    std::vector<std::string> argv = words;
    argv.insert(argv.begin(), hab_);
    return run(argv, scenario_.options);
}

void FaultSweep::kill_everywhere() {
    for (const bool torn : {false, true}) {
        const std::string kind = torn ? "torn" : "kill";
        const auto may_be_cut = [torn](const DiskCall& call) {
            return !torn || call.name == "write" || call.name == "pwrite";
        };
        for (const std::size_t n : chosen(calls_that(may_be_cut), kind, torn ? 6 : usual_cuts)) {
            TraceOptions options;
            options.kill_at = n;
            options.torn = torn;
            const TraceResult result = run_cut(options);
            // Threads may divide the work otherwise than in the first run, and need fewer calls.
            const std::string what = fmt::format(
                "HAB_CUT={}:{}:{} ({})", scenario_.name, kind, n,
                result.calls.empty() ? std::string("no call") : result.calls.back().text());
            EXPECT_EQ(result.run.exit_code, result.reached ? 128 + SIGKILL : 0) << what;
            judge(what);
        }
    }
}

void FaultSweep::fail_everywhere(int error, bool lasting) {
    const std::string kind = std::string(::strerrorname_np(error)) + (lasting ? "-lasting" : "");
    const auto can_fail = [error](const DiskCall& call) {
        return error == EIO || call.needs_space;
    };
    for (const std::size_t n : chosen(calls_that(can_fail), kind, usual_cuts)) {
        TraceOptions options;
        options.fail_at = n;
        options.error = error;
        options.lasting = lasting;
        const TraceResult result = run_cut(options);
        const std::string what =
            fmt::format("HAB_CUT={}:{}:{} ({})", scenario_.name, kind, n,
                        n <= result.calls.size() ? result.calls[n - 1].text() : "no call");
        judge_error(result.run, error, lasting, what);
        judge(what);
    }
}

void FaultSweep::cut_power_everywhere() {
    const auto& states = power_->states();
    ASSERT_FALSE(states.empty()) << scenario_.name;
    std::vector<std::size_t> all(states.size());
    std::iota(all.begin(), all.end(), std::size_t{1});
    for (const std::size_t n : chosen(all, "power", usual_cuts * 2)) {
        if (n > states.size()) continue;
        states[n - 1].tree.restore("/hab");
        judge(fmt::format("HAB_CUT={}:power:{} ({})", scenario_.name, n, states[n - 1].when));
    }
}

std::set<std::string> FaultSweep::kill_at_fail_points() {
    std::set<std::string> passed;
    for (const std::string& point : fail_points()) {
        for (int passage = 1; passage <= passages_tried; ++passage) {
            old_.restore("/hab");
            RunOptions options = scenario_.options;
            options.env["HAB_FAIL_POINTS"] = fmt::format("{}=kill@{}", point, passage);
            std::vector<std::string> argv = scenario_.words;
            argv.insert(argv.begin(), hab_);
            const RunResult result = run(argv, options);
            if (result.exit_code != 128 + SIGKILL) {
                EXPECT_EQ(result.exit_code, 0) << result.err;
                break;
            }
            passed.insert(point);
            judge(fmt::format("{}: {}", scenario_.name, options.env["HAB_FAIL_POINTS"]));
        }
    }
    return passed;
}

/// An error that the user can read, and that the program could clean up after.
void FaultSweep::judge_error(const RunResult& result, int error, bool lasting,
                             const std::string& what) {
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 1)
        << what << ": exit code " << result.exit_code << "\n"
        << result.err;
    if (result.exit_code == 0) return;  // the call was not important; the state will show it
    EXPECT_THAT(result.err, HasSubstr(::strerror(error))) << what;
    std::size_t sentences = 0;
    for (const std::string_view line : split(result.err, '\n')) {
        const bool marked = line.starts_with("✗✗✗ ") && !line.starts_with("✗✗✗ hint: ");
        sentences += marked ? 1 : 0;
    }
    EXPECT_EQ(sentences, 1u) << what << "\n" << result.err;
    if (!lasting) return;
    EXPECT_THAT(result.err, HasSubstr("hint: ")) << what;
    // Removing needs no space: nothing of the attempt may be left but empty lock files.
    for (const auto& [path, entry] : take_hab().entries) {
        if (!old_.has(path) && is_hidden(path) && !path.ends_with("/.lock"))
            ADD_FAILURE() << what << ": '" << path << "' was left behind";
    }
}

void FaultSweep::judge(const std::string& what) {
    const TreeImage cut = take_hab();
    EXPECT_THAT(wrong_between(scenario_.normalise(old_), fresh_, cut, scenario_.free), IsEmpty())
        << what;
    judge_visible(cut, what);
    judge_repetition(what);
}

/// What hab itself says is there, must be what is there.
void FaultSweep::judge_visible(const TreeImage& cut, const std::string& what) const {
    const RunResult list = run_plainly({"pkg", "list", "--all"});
    EXPECT_EQ(list.exit_code, 0) << what << "\n" << list.err;
    std::set<std::string> listed;
    for (const std::string_view line : split(list.out, '\n'))
        if (!line.empty()) listed.emplace(line);
    EXPECT_EQ(listed, packages_in(cut)) << what;
}

void FaultSweep::judge_repetition(const std::string& what) {
    const RunResult again = run_plainly(scenario_.words);
    if (!scenario_.once) {
        EXPECT_EQ(again.exit_code, 0) << what << ": the repetition failed\n" << again.err;
    }
    if (!scenario_.sweeper.empty()) {
        const RunResult swept = run_plainly(scenario_.sweeper);
        EXPECT_EQ(swept.exit_code, 0) << what << "\n" << swept.err;
    }
    const auto left = differences(fresh_, take_hab(), [this](const std::string& path) {
        return scenario_.free && !is_hidden(path) && scenario_.free(path);
    });
    EXPECT_THAT(left, IsEmpty()) << what << ": after the repetition\n" << again.err;
}

void FaultTest::SetUp() {
    WorldTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    HAB_REQUIRE(why_no_tracing().empty(), why_no_tracing());
}

void FaultTest::hab(std::vector<std::string> words) {
    words.insert(words.begin(), program("bin/hab").string());
    const RunResult result = run(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
}

std::set<std::string> fail_points() {
    static const std::regex call("fail_point\\(\"([a-z._-]+)\"");
    // SetAside names its fail points by the stage that its users give it.
    static const std::regex composed("fail_point\\([a-z>.-]*stage_ \\+ \"(\\.[a-z]+)\"");
    std::set<std::string> names;
    // The launcher and the supervisor have theirs, which no command passes.
    for (const char* room : {"base", "crypto", "package", "sandbox"}) {
        for (const auto& entry : fs::recursive_directory_iterator(source_dir() / "core" / room)) {
            if (entry.path().extension() != ".cpp") continue;
            const std::string text = read_file(entry.path());
            for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it)
                names.insert((*it)[1]);
            for (std::sregex_iterator it(text.begin(), text.end(), composed), end; it != end; ++it)
                for (const std::string stage : {"removal", "gc"})
                    names.insert(stage + (*it)[1].str());
        }
    }
    return names;
}

}  // namespace hab::test
