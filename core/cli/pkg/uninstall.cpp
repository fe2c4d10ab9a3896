// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "cli/pkg/uninstall_run.hpp"

namespace hab::cli {
namespace {

using package::Ident;

constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT",
    .help = "origin/name[/version[/release]]: the newest installed package that fits"}};
constexpr std::array options = {
    OptionSpec{.name = "dryrun",
               .letter = 'd',
               .kind = OptionKind::flag,
               .help = "Only say what would be removed"},
    OptionSpec{.name = "keep-latest",
               .kind = OptionKind::value,
               .value_name = "N",
               .help = "Remove all that fit but the newest N, oldest first"},
    OptionSpec{.name = "exclude",
               .kind = OptionKind::list,
               .value_name = "PKG_IDENT",
               .help = "Keep packages that fit this"},
    OptionSpec{.name = "no-deps",
               .kind = OptionKind::flag,
               .help = "Leave its dependencies, even those that nothing else needs"},
    OptionSpec{.name = "ignore-uninstall-hook",
               .kind = OptionKind::flag,
               .help = "Do not run uninstall hooks"}};

UninstallOptions read_options(const Arguments& args) {
    UninstallOptions wanted;
    wanted.dry_run = args.flag("dryrun");
    wanted.with_dependencies = !args.flag("no-deps");
    wanted.run_hooks = !args.flag("ignore-uninstall-hook");
    for (const std::string& word : args.all("exclude"))
        wanted.exclude.push_back(Ident::parse(word));
    return wanted;
}

/// What is to go, oldest first.
std::vector<Ident> choose(const Arguments& args, const package::InstalledPackages& store,
                          const Ident& wanted, Terminal& terminal) {
    const auto keep = args.get("keep-latest");
    if (!keep) return {store.load(wanted).ident()};
    const auto count = parse_u64(*keep);
    if (!count) {
        throw Error(ErrorCode::usage, fmt::format("--keep-latest takes a number, not '{}'", *keep),
                    "give the number of releases to keep, for example --keep-latest 2");
    }
    auto idents = store.list_matching(wanted);
    if (idents.empty()) (void)store.load(wanted);  // throws the sentence for it
    if (*count >= idents.size()) {
        terminal.status("Keeping", fmt::format("all {} installed releases of {}", idents.size(),
                                               wanted.to_string()));
        return {};
    }
    idents.resize(idents.size() - static_cast<std::size_t>(*count));
    return idents;
}

int run(Invocation& invocation) {
    const Ident wanted = Ident::parse(invocation.args.require("PKG_IDENT"));
    const UninstallOptions how = read_options(invocation.args);
    const package::InstalledPackages store(invocation.paths);
    invocation.terminal.begin(fmt::format("Uninstalling {}", wanted.to_string()));
    UninstallRun uninstall(invocation, store, how);
    try {
        // First of all: what a killed run left goes even when the package itself is gone already.
        uninstall.begin();
        for (const Ident& ident : choose(invocation.args, store, wanted, invocation.terminal))
            uninstall.uninstall(ident);
    } catch (const HookFailed& failure) {
        invocation.terminal.fatal(failure);
        return failure.hook_exit_code();
    }
    invocation.terminal.end(fmt::format(
        "Uninstall of {} complete: {} {}{}", wanted.to_string(), uninstall.removed(),
        uninstall.removed() == 1 ? "package" : "packages", how.dry_run ? " would go" : " removed"));
    return 0;
}

}  // namespace

const Command& pkg_uninstall_command() {
    static constexpr Command command = {
        .path = "pkg uninstall",
        .summary = "Remove an installed package and what only it needed",
        .description =
            "Refuses to remove a package that another one needs. Packages that the running "
            "supervisor has loaded, excluded ones and hab itself are kept, with everything they "
            "need. The uninstall hook runs when the last release of a package goes.",
        .arguments = arguments,
        .options = options,
        .exit_codes = "N  exit code of an uninstall hook that failed",
        .run = run};
    return command;
}

}  // namespace hab::cli
