// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/plugin/commands.hpp"

namespace hab::cli {
namespace {

using Row = std::vector<std::string>;

std::string abi_of(const plugin::Candidate& candidate) {
    if (!candidate.kind) return "";
    return fmt::format("{}.{}", candidate.meta.abi_major, candidate.meta.abi_minor);
}

std::string kind_of(const plugin::Candidate& candidate) {
    return candidate.kind ? std::string(to_string(*candidate.kind)) : "";
}

/// Columns as wide as their widest cell, two blanks apart, none after the last cell of a line.
std::string table(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += fmt::format("{:<{}}  ", row[i].empty() ? "-" : row[i],
                                std::max<std::size_t>(widths[i], 1));
        }
        if (row.back().empty()) line.erase(line.find_last_not_of("- ") + 1);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string as_text(const plugin::Catalogue& catalogue, bool files) {
    std::vector<Row> rows = {{"KIND", "ID", "VERSION", "ABI", "SOURCE", "STATE"}};
    if (files) rows.front().emplace_back("FILE");
    rows.front().emplace_back("REASON");
    for (const auto& candidate : catalogue.rows()) {
        Row row = {kind_of(candidate),
                   candidate.id,
                   candidate.meta.version,
                   abi_of(candidate),
                   std::string(to_string(candidate.source)),
                   std::string(to_string(candidate.state))};
        if (files) row.push_back(candidate.path.string());
        row.push_back(candidate.reason);
        rows.push_back(std::move(row));
    }
    return table(rows);
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
                                             : as_text(catalogue, invocation.args.flag("all")));
    return 0;
}

}  // namespace hab::cli
