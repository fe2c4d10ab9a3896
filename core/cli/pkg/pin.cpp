// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/json.hpp"
#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"
#include "package/pins.hpp"

namespace hab::cli {
namespace {

constexpr std::array pin_arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "origin/name[/version[/release]]; all packages that match"}};
constexpr std::array unpin_arguments = {
    ArgumentSpec{.name = "PKG_IDENT", .help = "As it was given to hab pkg pin"}};
constexpr std::array pins_options = {OptionSpec{.name = "format",
                                                .kind = OptionKind::value,
                                                .value_name = "FORMAT",
                                                .help = "text or json",
                                                .env = {},
                                                .default_value = "text"}};

int run_pin(Invocation& invocation) {
    const auto ident = package::Ident::parse(invocation.args.require("PKG_IDENT"));
    // A misspelt pin would protect nothing, silently.
    (void)package::InstalledPackages(invocation.paths).load(ident);
    const bool added = package::Pins(invocation.paths).add(ident);
    invocation.terminal.end(fmt::format("{} {} pinned", ident.to_string(), added ? "is" : "was"));
    return 0;
}

int run_unpin(Invocation& invocation) {
    const auto ident = package::Ident::parse(invocation.args.require("PKG_IDENT"));
    if (!package::Pins(invocation.paths).remove(ident)) {
        throw Error(ErrorCode::not_found, fmt::format("'{}' is not pinned", ident.to_string()),
                    "see what is with 'hab pkg pins'");
    }
    invocation.terminal.end(fmt::format("{} is no longer pinned", ident.to_string()));
    return 0;
}

int run_pins(Invocation& invocation) {
    const std::string format = invocation.args.require("format");
    if (format != "text" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not an output format", format),
                    "use --format text or --format json");
    }
    Array list;
    std::string lines;
    for (const package::Ident& ident : package::Pins(invocation.paths).list()) {
        list.emplace_back(ident.to_string());
        lines += ident.to_string() + "\n";
    }
    invocation.terminal.out(format == "json" ? to_json(list, true) : lines);
    return 0;
}

}  // namespace

const Command& pkg_pin_command() {
    static constexpr Command command = {
        .path = "pkg pin",
        .summary = "Protect packages from hab pkg gc",
        .description = "With everything they depend on, until hab pkg unpin.",
        .arguments = pin_arguments,
        .options = {},
        .exit_codes = {},
        .run = run_pin};
    return command;
}

const Command& pkg_unpin_command() {
    static constexpr Command command = {.path = "pkg unpin",
                                        .summary = "Take a pin away",
                                        .description = "The package stays until hab pkg gc.",
                                        .arguments = unpin_arguments,
                                        .options = {},
                                        .exit_codes = {},
                                        .run = run_unpin};
    return command;
}

const Command& pkg_pins_command() {
    static constexpr Command command = {.path = "pkg pins",
                                        .summary = "List pinned packages",
                                        .description = "One a line, sorted.",
                                        .arguments = {},
                                        .options = pins_options,
                                        .exit_codes = {},
                                        .run = run_pins};
    return command;
}

}  // namespace hab::cli
