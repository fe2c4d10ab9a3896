// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg_export/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/parse.hpp"
#include "cli/pkg_export/export_options.hpp"
#include "cli/pkg_export/export_run.hpp"
#include "plugin/catalogue.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{"EXPORTER", "Which exporter plugin; `hab plugin list` shows them"},
    ArgumentSpec{"ARGS", "Packages, and options of the exporter", false, true}};

constexpr std::array package_arguments = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT",
                 "Installed packages or .hart files; the first is the primary", true, true}};

bool asks_for_help(const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(),
                       [](const std::string& word) { return word == "-h" || word == "--help"; });
}

int run_pkg_export(Invocation& invocation) {
    const std::string exporter = invocation.args.require("EXPORTER");
    const std::vector<std::string> words = invocation.args.all("ARGS");
    const auto plan = plugin::SearchPlan::from_environment(
        {invocation.plugin_files.begin(), invocation.plugin_files.end()},
        plugin::package_plugin_dirs(invocation.paths.pkgs()));
    const plugin::Catalogue catalogue = plugin::Catalogue::discover(plan);
    const plugin::PluginMeta& meta = catalogue.require(plugin::Kind::exporter, exporter).meta;
    if (asks_for_help(words)) {
        invocation.terminal.out(exporter_help(meta, std::min(invocation.terminal.width(), 100u)));
        return 0;
    }
    const Arguments args =
        parse_arguments(fmt::format("pkg export {}", exporter), export_options(meta, false),
                        package_arguments, false, words);
    return run_export(invocation, meta, args);
}

}  // namespace

std::span<const Command> pkg_export_commands() {
    static constexpr std::array commands = {
        Command{.path = "pkg export",
                .summary = "Turn packages into another format",
                .description =
                    "Each exporter is a plugin; `hab pkg export EXPORTER --help` shows its\n"
                    "options. The result goes to results/, with a file\n"
                    "last_EXPORTER_export.env that a script can source.",
                .arguments = arguments,
                .options = {},
                .verbatim = true,
                .own_help = true,
                .exit_codes = {},
                .run = run_pkg_export},
    };
    return commands;
}

}  // namespace hab::cli
