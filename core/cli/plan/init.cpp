// SPDX-License-Identifier: Apache-2.0
// `hab plan init`: the files of a new plan.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "cli/plan/commands.hpp"
#include "cli/plan/init_files.hpp"
#include "package/ident.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    "PKG_NAME", "Name of the package; a directory of that name is made. Default: this directory",
    false}};

constexpr std::array options = {
    OptionSpec{"origin",
               'o',
               OptionKind::value,
               "ORIGIN",
               "Origin of the package",
               "HAB_ORIGIN",
               {},
               false,
               "origin"},
    OptionSpec{"min", 'm', OptionKind::flag, {}, "plan.sh alone, without explanations"},
    OptionSpec{"scaffolding", 's', OptionKind::value, "ORIGIN/NAME",
               "Package that brings the phases"},
};

/// What a build takes: stricter than what other commands read.
bool is_plain_name(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

PlanSeed read_seed(const Arguments& args) {
    PlanSeed seed;
    const auto name = args.get("PKG_NAME");
    seed.name = name.value_or(fs::current_path().filename().string());
    seed.origin = args.get("origin").value_or("");
    if (seed.origin.empty()) {
        throw Error(ErrorCode::usage, "no origin was given for the plan",
                    "give --origin, set HAB_ORIGIN, or choose one with hab setup");
    }
    seed.minimal = args.flag("min");
    seed.scaffolding = args.get("scaffolding").value_or("");
    if (!is_plain_name(seed.origin) || !is_plain_name(seed.name)) {
        throw Error(ErrorCode::usage,
                    fmt::format("'{}/{}' cannot name a package", seed.origin, seed.name),
                    "use letters, digits, '_' and '-' only");
    }
    if (!seed.scaffolding.empty() && !package::Ident::try_parse(seed.scaffolding)) {
        throw Error(ErrorCode::usage,
                    fmt::format("--scaffolding '{}' is not a package", seed.scaffolding),
                    "write ORIGIN/NAME");
    }
    return seed;
}

int run(Invocation& invocation) {
    const PlanSeed seed = read_seed(invocation.args);
    const fs::path parent =
        invocation.args.get("PKG_NAME") ? fs::current_path() / seed.name : fs::current_path();
    const fs::path dir = parent / "habitat";
    for (const fs::path& place : {dir, parent / "plan.sh"}) {
        if (!fs::exists(place)) continue;
        throw Error(ErrorCode::already_exists,
                    fmt::format("cannot begin a plan: '{}' is there already", place.string()),
                    "choose another name, or work on the plan that is there");
    }
    make_directories(parent);
    // All or nothing: an author who tries again must not find half of a plan.
    TempDir fresh(".habitat-", parent);
    for (const SeedFile& file : plan_files(seed)) {
        const fs::path path = fresh.path() / file.path;
        make_directories(path.parent_path());
        write_file_atomic(path, file.text, {.durable = false});
    }
    fs::permissions(fresh.path(), fs::perms(0755));
    rename_path(fresh.path(), dir);
    static_cast<void>(fresh.release());
    for (const SeedFile& file : plan_files(seed))
        invocation.terminal.status("Wrote", (dir / file.path).string());
    invocation.terminal.end(fmt::format("A plan for {}/{}: look at {} next", seed.origin, seed.name,
                                        (dir / "plan.sh").string()));
    return 0;
}

}  // namespace

const Command& plan_init_command() {
    static constexpr Command command = {
        .path = "plan init",
        .summary = "Begin a plan",
        .description =
            "Writes habitat/ with plan.sh, default.toml, config/, hooks/ and a README.md. What it\n"
            "writes builds and passes `hab plan check` as it is.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
