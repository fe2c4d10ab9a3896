// SPDX-License-Identifier: Apache-2.0
// `hab ring status`: the ring as a running supervisor sees it.
#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/ring/commands.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {
namespace {

constexpr std::array options = {remote_sup_option, OptionSpec{.name = "format",
                                                              .kind = OptionKind::value,
                                                              .value_name = "FORMAT",
                                                              .help = "table or json",
                                                              .default_value = "table"}};

constexpr std::array member_columns = {
    Column{"member"}, Column{"health"}, Column{"address", Fit::cut},
    Column{"incarnation", Fit::drop}, Column{"permanent", Fit::drop}};
constexpr std::array group_columns = {Column{"group"},           Column{"members"},
                                      Column{"active"},          Column{"leader", Fit::cut},
                                      Column{"term", Fit::drop}, Column{"config", Fit::drop}};

const Value& at(const Value& from, std::string_view path) {
    const Value* const value = from.at_path(path);
    if (value != nullptr) return *value;
    throw Error(ErrorCode::invalid_input, fmt::format("the supervisor's answer has no '{}'", path),
                "use a hab of the same version as the supervisor");
}

const Array& list_at(const Value& from, std::string_view path) {
    static const Array none;
    const Array* const list = at(from, path).as_array();
    return list == nullptr ? none : *list;
}

std::string text_at(const Value& from, std::string_view path) {
    const Value& value = at(from, path);
    if (value.is_null()) return "-";
    return value.as_string() != nullptr ? *value.as_string() : to_json(value);
}

std::string yes_no(const Value& value) {
    return value.as_bool() != nullptr && *value.as_bool() ? "yes" : "no";
}

std::string members_table(const Value& ring, std::optional<unsigned> width) {
    std::vector<Row> rows;
    const Value& me = at(ring, "me");
    rows.push_back({text_at(me, "id") + " (this one)", text_at(me, "health"), text_at(me, "swim"),
                    text_at(me, "incarnation"), yes_no(at(me, "permanent"))});
    for (const Value& member : list_at(ring, "members")) {
        rows.push_back(
            {text_at(member, "id"), text_at(member, "health"),
             fmt::format("{}:{}", text_at(member, "address"), text_at(member, "swim_port")),
             text_at(member, "incarnation"), yes_no(at(member, "permanent"))});
    }
    return columns_text(member_columns, rows, width);
}

std::string groups_table(const Value& ring, std::optional<unsigned> width) {
    std::vector<Row> rows;
    for (const Value& group : list_at(ring, "groups")) {
        const Array& members = list_at(group, "members");
        std::size_t active = 0;
        for (const Value& member : members) {
            const std::string health = text_at(member, "health");
            if (health == "alive" || health == "suspect") ++active;
        }
        rows.push_back({text_at(group, "name"), std::to_string(members.size()),
                        std::to_string(active), text_at(group, "election.leader"),
                        text_at(group, "election.term"), text_at(group, "config_version")});
    }
    return rows.empty() ? std::string() : columns_text(group_columns, rows, width);
}

int run_status(Invocation& invocation) {
    const bool json = is_json(invocation, "table");
    const std::string answer = ask_supervisor(invocation, control::Query{"ring", "", 0});
    if (json) {
        invocation.terminal.out(answer + "\n");
        return 0;
    }
    const Value ring = parse_json(answer, "the supervisor's answer");
    const auto width = line_width(invocation.terminal);
    invocation.terminal.out(members_table(ring, width));
    const std::string groups = groups_table(ring, width);
    if (!groups.empty()) invocation.terminal.out("\n" + groups);
    if (!*at(ring, "me.sealed").as_bool() && !list_at(ring, "members").empty()) {
        invocation.terminal.warn(
            "This ring has no key: whoever reaches its port can join it and change it. See "
            "`hab ring key generate`.");
    }
    return 0;
}

}  // namespace

const Command& ring_status_command() {
    static constexpr Command command = {
        .path = "ring status",
        .summary = "Show the members and groups of a running supervisor's ring",
        .description = "What that supervisor believes: others may see it otherwise for a moment.",
        .arguments = {},
        .options = options,
        .exit_codes = {},
        .run = run_status};
    return command;
}

}  // namespace hab::cli
