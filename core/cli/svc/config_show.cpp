// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "config/toml.hpp"
#include "supervisor/why_answer.hpp"
#include "supervisor/why_sentences.hpp"

namespace hab::cli {
namespace {

using supervisor::record_text;

/// A path or value longer than this does not push the other columns away.
constexpr std::size_t widest_column = 40;

std::string origin_table(const Array& rows) {
    std::size_t path = 4;
    std::size_t value = 5;
    for (const Value& row : rows) {
        path = std::max(path, std::min(widest_column, record_text(row, "path").size()));
        value = std::max(value, std::min(widest_column, record_text(row, "value").size()));
    }
    std::string out = fmt::format("{:<{}}  {:<{}}  origin\n", "path", path, "value", value);
    for (const Value& row : rows) {
        out += fmt::format("{:<{}}  {:<{}}  {}\n", record_text(row, "path"), path,
                           record_text(row, "value"), value, record_text(row, "origin"));
    }
    return out;
}

}  // namespace

int run_config_show(Invocation& invocation) {
    const bool json = is_json(invocation, "text");
    const bool origins = invocation.args.flag("origin");
    const std::string service = supervisor::service_in(invocation.args.require("SERVICE"));
    const Value answer =
        parse_json(ask_supervisor(invocation, control::Query{"config", service, 0}),
                   "the supervisor's answer");
    const Value* const cfg = answer.at_path("cfg");
    const Value* const rows = answer.at_path("rows");
    if (cfg == nullptr || rows == nullptr || rows->as_array() == nullptr) {
        throw Error(ErrorCode::invalid_input, "the supervisor's answer is no configuration",
                    "Use a hab of the same version as the supervisor.");
    }
    if (json) {
        invocation.terminal.out(to_json(origins ? *rows : *cfg, true));
    } else {
        invocation.terminal.out(origins ? origin_table(*rows->as_array()) : config::to_toml(*cfg));
    }
    return 0;
}

}  // namespace hab::cli
