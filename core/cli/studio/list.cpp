// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {
namespace {

std::string field(const Value& item, std::string_view name) {
    const Value* value = item.at_path(name);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string()
                                                             : std::string("-");
}

constexpr std::array columns = {Column{"NAME"}, Column{"TYPE"}, Column{"ROOT", Fit::cut}};

std::string as_text(const Array& studios, std::optional<unsigned> width) {
    std::vector<Row> rows;
    for (const Value& studio : studios)
        rows.push_back({field(studio, "name"), field(studio, "type"), field(studio, "root")});
    return columns_text(columns, rows, width);
}

}  // namespace

int run_studio_list(Invocation& invocation) {
    host::Session session(
        {.paths = invocation.paths,
         .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
         .reporter = {},
         .cancelled = {}});
    const plugin::Studio backend = session.registry().studio(invocation.args.require("backend"));
    const Value studios =
        parse_json(backend.list(invocation.paths.studios()), "the list of studios");
    if (studios.as_array() == nullptr) {
        throw Error(ErrorCode::bug,
                    "studio " + backend.meta().id + " gave a list that is not an array");
    }
    const bool json = invocation.args.require("format") == "json";
    invocation.terminal.out(json ? to_json(studios, true)
                                 : as_text(*studios.as_array(), line_width(invocation.terminal)));
    return 0;
}

}  // namespace hab::cli
