// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/binlink.hpp"

#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT",
                 .help = "An installed package: origin/name[/version[/release]]"},
    ArgumentSpec{.name = "BINARY",
                 .help = "One program; without it, all programs of the package",
                 .required = false}};
constexpr std::array options = {
    OptionSpec{.name = "dest",
               .letter = 'd',
               .kind = OptionKind::value,
               .value_name = "DIR",
               .help = "Directory of the links, below FS_ROOT",
               .env = "HAB_BINLINK_DIR",
               .default_value = "/bin"},
    OptionSpec{.name = "force",
               .letter = 'f',
               .value_name = {},
               .help = "Replace links that lead elsewhere",
               .env = {},
               .default_value = {}},
    OptionSpec{.name = "wrapper",
               .value_name = {},
               .help = "Write scripts that set the package's runtime environment and then become "
                       "the program, instead of bare links",
               .env = {},
               .default_value = {}}};

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    package::BinlinkOptions binlink_options;
    binlink_options.dir = invocation.args.require("dest");
    binlink_options.force = invocation.args.flag("force");
    binlink_options.wrapper = invocation.args.flag("wrapper");
    binlink_package(invocation, package, invocation.args.get("BINARY"), binlink_options);
    return 0;
}

}  // namespace

void binlink_package(const Invocation& invocation, const package::InstalledPackage& package,
                     const std::optional<std::string>& binary,
                     const package::BinlinkOptions& options) {
    Terminal& terminal = invocation.terminal;
    const package::InstalledPackages store(invocation.paths);
    const std::string ident = package.ident().to_string();
    terminal.begin(fmt::format("Binlinking {} from {} into {}", binary.value_or("all programs"),
                               ident, options.dir.string()));
    std::size_t linked = 0;
    for (const auto& link : package::binlink(package, store, binary, options)) {
        if (link.result == package::BinlinkResult::kept) {
            terminal.warn(fmt::format("'{}' leads to '{}' and was left alone; --force replaces it",
                                      link.path.string(), link.found));
            continue;
        }
        ++linked;
        terminal.status(link.result == package::BinlinkResult::made ? "Linked" : "Unchanged",
                        fmt::format("{} to {}", link.path.string(), link.target));
    }
    terminal.end(
        fmt::format("Binlinked {} program{} of {}", linked, linked == 1 ? "" : "s", ident));
}

const Command& pkg_binlink_command() {
    static constexpr Command command = {
        .path = "pkg binlink",
        .summary = "Link programs of an installed package into a directory of the PATH",
        .description =
            "A bare link runs the program in the caller's environment. With --wrapper it gets the "
            "one that 'hab pkg exec' would give it. A link to another package stays as it is, with "
            "a warning, unless --force is given; other files are never replaced.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
