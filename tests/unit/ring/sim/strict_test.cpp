// SPDX-License-Identifier: Apache-2.0
// Strict rings in virtual time, with somebody among them who has the ring's key and forges.
#include <gmock/gmock.h>

#include "ring/sim/run.hpp"

namespace hab::ring::sim {
namespace {

Options strict_options(std::uint64_t seed) {
    Options options;
    options.seed = seed;
    options.nodes = 3 + seed % 4;
    options.strict = true;
    options.duration = seconds(15);
    return options;
}

void expect_good(const Options& options) {
    const Outcome outcome = run(options);
    EXPECT_TRUE(outcome.good()) << "seed " << options.seed << ", " << options.nodes
                                << " nodes: " << testing::PrintToString(outcome.violations);
}

/// The words of a run's story.
std::string story_of(const Options& options) {
    std::string all;
    const Outcome outcome =
        run(options, [&](Time, const std::string& text) { all += text + "\n"; });
    EXPECT_TRUE(outcome.good()) << testing::PrintToString(outcome.violations);
    return all;
}

TEST(StrictRing, NothingForgedIsBelievedAndNobodyIsTakenForDeadForIt) {
    // Nothing else goes wrong in these runs, so that any member that is confirmed was talked dead.
    for (std::uint64_t seed = 1; seed < 9; ++seed) {
        Options options = strict_options(seed);
        options.faults = Faults::parse("forge");
        expect_good(options);
    }
}

TEST(StrictRing, TheForgerIsThereInMostRuns) {
    std::size_t runs = 0;
    for (std::uint64_t seed = 1; seed < 7; ++seed) {
        Options options = strict_options(seed);
        options.faults = Faults::parse("forge");
        const std::string story = story_of(options);
        if (story.find("300 attempts at forging") != std::string::npos) ++runs;
    }
    EXPECT_GE(runs, 2u);
}

TEST(StrictRing, KeepsItsPromisesUnderAllFaults) {
    for (std::uint64_t seed = 100; seed < 110; ++seed) {
        Options options = strict_options(seed);
        options.faults = Faults::all();
        expect_good(options);
    }
}

TEST(StrictRing, TheSameSeedIsTheSameRun) {
    Options options = strict_options(200);
    options.faults = Faults::all();
    const Outcome once = run(options);
    EXPECT_EQ(once.hash, run(options).hash);
    options.strict = false;
    EXPECT_NE(once.hash, run(options).hash);
}

}  // namespace
}  // namespace hab::ring::sim
