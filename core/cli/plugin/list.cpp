// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/plugin/commands.hpp"

namespace hab::cli {
namespace {

std::string abi_of(const plugin::Candidate& candidate) {
    if (!candidate.kind) return "";
    return fmt::format("{}.{}", candidate.meta.abi_major, candidate.meta.abi_minor);
}

std::string kind_of(const plugin::Candidate& candidate) {
    return candidate.kind ? std::string(to_string(*candidate.kind)) : "";
}

std::string or_dash(std::string text) {
    return text.empty() ? std::string("-") : text;
}

std::string as_text(const plugin::Catalogue& catalogue, bool files, std::optional<unsigned> width) {
    std::vector<Column> columns = {{"KIND"}, {"ID"}, {"VERSION"}, {"ABI"}, {"SOURCE"}, {"STATE"}};
    if (files) columns.push_back({"FILE"});
    columns.push_back({"REASON", Fit::cut});
    std::vector<Row> rows;
    for (const auto& candidate : catalogue.rows()) {
        Row row = {or_dash(kind_of(candidate)),
                   or_dash(candidate.id),
                   or_dash(candidate.meta.version),
                   or_dash(abi_of(candidate)),
                   std::string(to_string(candidate.source)),
                   std::string(to_string(candidate.state))};
        if (files) row.push_back(candidate.path.string());
        row.push_back(candidate.reason);
        rows.push_back(std::move(row));
    }
    return columns_text(columns, rows, width);
}

std::string as_json(const plugin::Catalogue& catalogue) {
    Array rows;
    for (const auto& candidate : catalogue.rows()) {
        Object row;
        row.set("kind", kind_of(candidate));
        row.set("id", candidate.id);
        row.set("version", candidate.meta.version);
        row.set("abi", abi_of(candidate));
        row.set("path", candidate.path.string());
        row.set("source", to_string(candidate.source));
        row.set("state", to_string(candidate.state));
        row.set("reason", candidate.reason);
        rows.emplace_back(std::move(row));
    }
    return to_json(rows, true);
}

}  // namespace

plugin::Catalogue discover_plugins(const Invocation& invocation) {
    std::vector<std::filesystem::path> files(invocation.plugin_files.begin(),
                                             invocation.plugin_files.end());
    return plugin::Catalogue::discover(plugin::SearchPlan::from_environment(
        std::move(files), plugin::package_plugin_dirs(invocation.paths.pkgs())));
}

int run_plugin_list(Invocation& invocation) {
    const auto format = invocation.args.require("format");
    if (format != "text" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("there is no output format '{}'", format),
                    "use --format text or --format json");
    }
    const auto catalogue = discover_plugins(invocation);
    invocation.terminal.out(format == "json" ? as_json(catalogue)
                                             : as_text(catalogue, invocation.args.flag("all"),
                                                       line_width(invocation.terminal)));
    return 0;
}

}  // namespace hab::cli
