// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {
namespace {

std::string field(const Value& item, std::string_view name) {
    const Value* value = item.at_path(name);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string()
                                                             : std::string("-");
}

std::string as_text(const Array& studios) {
    std::size_t width = 4;
    for (const Value& studio : studios)
        width = std::max(width, field(studio, "name").size());
    std::string text = fmt::format("{:<{}}  {:<8}  {}\n", "NAME", width, "TYPE", "ROOT");
    for (const Value& studio : studios) {
        text += fmt::format("{:<{}}  {:<8}  {}\n", field(studio, "name"), width,
                            field(studio, "type"), field(studio, "root"));
    }
    return text;
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
    invocation.terminal.out(json ? to_json(studios, true) : as_text(*studios.as_array()));
    return 0;
}

}  // namespace hab::cli
