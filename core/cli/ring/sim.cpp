// SPDX-License-Identifier: Apache-2.0
// `hab ring sim`: a ring in virtual time.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/ring/commands.hpp"
#include "cli/ring/sim_plan.hpp"
#include "ring/sim/run.hpp"

namespace hab::cli {
namespace {

using ring::sim::Faults;

constexpr std::array sim_options = {
    OptionSpec{.name = "nodes",
               .letter = 'n',
               .kind = OptionKind::value,
               .value_name = "N",
               .help = "Supervisors, 2 to 1000; default 5, with --runs 3 to 10"},
    OptionSpec{.name = "minutes",
               .letter = 'm',
               .kind = OptionKind::value,
               .value_name = "M",
               .help = "How long faults happen",
               .default_value = "1"},
    OptionSpec{.name = "seed",
               .letter = 's',
               .kind = OptionKind::value,
               .value_name = "S",
               .help = "What everything random is drawn from",
               .default_value = "1"},
    OptionSpec{.name = "faults",
               .letter = 'f',
               .kind = OptionKind::value,
               .value_name = "LIST",
               .help = "all, none, or names joined by commas",
               .default_value = "none"},
    OptionSpec{.name = "stock",
               .kind = OptionKind::value,
               .value_name = "K",
               .help = "How many of them behave like upstream's supervisors",
               .default_value = "0"},
    OptionSpec{.name = "strict",
               .help = "A strict ring: all sign what they say, and believe nothing unsigned"},
    OptionSpec{.name = "plan",
               .kind = OptionKind::value,
               .value_name = "CONTEXT",
               .help = "Run the service of this plan, its hooks as stubs"},
    OptionSpec{.name = "loss",
               .kind = OptionKind::value,
               .value_name = "PERCENT",
               .help = "Datagrams that are lost all the time",
               .default_value = "0"},
    OptionSpec{.name = "runs",
               .kind = OptionKind::value,
               .value_name = "COUNT",
               .help = "That many runs with the seeds from S on; tells only of those that fail",
               .default_value = "1"}};

std::uint64_t number(const Arguments& args, std::string_view name, std::uint64_t least,
                     std::uint64_t most) {
    const std::string text = args.require(name);
    const auto value = parse_u64(text);
    if (!value || *value < least || *value > most) {
        throw Error(ErrorCode::usage, fmt::format("--{} takes a number from {} to {}, not '{}'",
                                                  name, least, most, text));
    }
    return *value;
}

void take_plan(ring::sim::Options& options, const std::string& context) {
    if (options.stock != 0)
        throw Error(
            ErrorCode::usage,
            "--plan and --stock exclude each other: upstream's supervisors run no plans here");
    options.plan = simulated_plan(context);
    if (options.nodes < options.plan->least_nodes())
        throw Error(ErrorCode::usage,
                    fmt::format("{} supervisors are too few for the plan {}", options.nodes,
                                options.plan->name),
                    fmt::format("it takes --nodes {}: one, and one to stand in for each bind",
                                options.plan->least_nodes()));
}

ring::sim::Options run_options(const Arguments& args) {
    ring::sim::Options options;
    options.seed = number(args, "seed", 0, ~std::uint64_t{0});
    options.nodes = args.get("nodes") ? number(args, "nodes", 2, 1000) : 5;
    options.stock = number(args, "stock", 0, options.nodes - 1);
    options.strict = args.flag("strict");
    if (options.strict && options.stock != 0)
        throw Error(ErrorCode::usage,
                    "--strict and --stock exclude each other: stock members cannot sign");
    options.duration = ring::seconds(60 * number(args, "minutes", 1, 24 * 60));
    options.loss = static_cast<double>(number(args, "loss", 0, 100)) / 100;
    options.faults = Faults::parse(args.require("faults"));
    if (const auto context = args.get("plan")) take_plan(options, *context);
    return options;
}

/// What makes the same run again.
std::string replay(const ring::sim::Options& options) {
    return fmt::format(
        "hab ring sim --nodes {} --minutes {} --seed {} --faults {} --stock {} --loss {}{}{}",
        options.nodes, options.duration / ring::seconds(60), options.seed,
        options.faults.to_string(), options.stock, static_cast<int>(options.loss * 100 + 0.5),
        options.strict ? " --strict" : "", options.plan ? " --plan " + options.plan->context : "");
}

[[noreturn]] void fail(const ring::sim::Options& options, const ring::sim::Outcome& outcome) {
    throw Error(ErrorCode::failed,
                fmt::format("the simulated ring with seed {} broke its promises: {}", options.seed,
                            outcome.violations.front()),
                "replay it with: " + replay(options));
}

void tell_plan(Terminal& terminal, const ring::sim::Options& options) {
    const auto& plan = *options.plan;
    terminal.out(fmt::format("{} in group {}", plan.ident, options.group_of(0)));
    for (const auto& bind : plan.binds)
        terminal.out(fmt::format("; bind {} to {}", bind.name, options.stand_in_group(bind)));
    terminal.out("\n");
    for (const std::string_view line : split(plan.exports, '\n'))
        if (!line.empty()) terminal.out(fmt::format("    exports {}\n", line));
}

int run_one(Invocation& invocation, const ring::sim::Options& options) {
    if (options.plan) tell_plan(invocation.terminal, options);
    const auto stamp = [](ring::Time time) { return static_cast<double>(time) / 1e6; };
    const auto outcome = ring::sim::run(options, [&](ring::Time now, const std::string& text) {
        invocation.terminal.out(fmt::format("{:10.3f} s  {}\n", stamp(now), text));
    });
    for (const std::string& violation : outcome.violations)
        invocation.terminal.out(fmt::format("broken: {}\n", violation));
    invocation.terminal.out(fmt::format(
        "{} nodes formed a ring in {:.1f} s and healed in {:.1f} s; {} steps, {} times somebody "
        "alive was confirmed\n",
        options.nodes, stamp(outcome.formed), stamp(outcome.healed), outcome.steps,
        outcome.false_alarms));
    invocation.terminal.out(fmt::format("event hash {:016x}\n", outcome.hash));
    if (!outcome.good()) fail(options, outcome);
    return 0;
}

int run_many(Invocation& invocation, ring::sim::Options options, std::uint64_t count) {
    const bool drawn = !invocation.args.get("nodes");
    std::uint64_t bad = 0;
    std::uint64_t steps = 0;
    ring::Time longest = 0;
    for (std::uint64_t i = 0; i < count; ++i, ++options.seed) {
        if (drawn) options.nodes = std::max<std::size_t>(3 + options.seed % 8, options.stock + 1);
        if (drawn && options.plan)
            options.nodes = std::max(options.nodes, options.plan->least_nodes());
        const auto outcome = ring::sim::run(options);
        steps += outcome.steps;
        longest = std::max(longest, outcome.healed);
        if (outcome.good()) continue;
        ++bad;
        invocation.terminal.out(
            fmt::format("{}\n    {}\n", replay(options), outcome.violations.front()));
    }
    invocation.terminal.out(fmt::format("{} runs, {} failed; {} steps, longest healing {:.1f} s\n",
                                        count, bad, steps, static_cast<double>(longest) / 1e6));
    return bad == 0 ? 0 : 1;
}

int run(Invocation& invocation) {
    const auto options = run_options(invocation.args);
    const std::uint64_t runs = number(invocation.args, "runs", 1, 10'000'000);
    return runs == 1 ? run_one(invocation, options) : run_many(invocation, options, runs);
}

}  // namespace

const Command& ring_sim_command() {
    static constexpr Command command = {
        .path = "ring sim",
        .summary = "Run a ring of simulated supervisors in virtual time",
        .description =
            "The code is the supervisors'; network, clocks and disks are simulated, with the "
            "faults that are asked for (a name that is none tells which there are). Prints what "
            "happened and, last, a hash over every event: the same options give the same hash. "
            "Fails when the ring breaks one of its promises or does not heal.",
        .arguments = {},
        .options = sim_options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
