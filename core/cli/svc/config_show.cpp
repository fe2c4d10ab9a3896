// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "config/toml.hpp"
#include "supervisor/why_answer.hpp"
#include "supervisor/why_sentences.hpp"

namespace hab::cli {
namespace {

using supervisor::record_text;

constexpr std::array columns = {Column{"path"}, Column{"value", Fit::cut}, Column{"origin"}};

std::string origin_table(const Array& list, std::optional<unsigned> width) {
    std::vector<Row> rows;
    for (const Value& row : list) {
        rows.push_back(
            {record_text(row, "path"), record_text(row, "value"), record_text(row, "origin")});
    }
    return columns_text(columns, rows, width);
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
        invocation.terminal.out(
            origins ? origin_table(*rows->as_array(), line_width(invocation.terminal))
                    : config::to_toml(*cfg));
    }
    return 0;
}

}  // namespace hab::cli
