// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {
namespace {

constexpr std::array columns = {Column{"package"}, Column{"type", Fit::drop}, Column{"desired"},
                                Column{"state"},   Column{"elapsed (s)"},     Column{"pid"},
                                Column{"group"}};

std::string group_name(const control::Group& group) {
    const std::string name = group.service + "." + group.group;
    return group.organization.empty() ? name : name + "@" + group.organization;
}

Row to_row(const control::ServiceStatus& status) {
    return {status.ident.to_string(),
            "standalone",  // upstream's word for every service, whatever its topology
            status.desired_up ? "up" : "down",
            status.up ? "up" : "down",
            std::to_string(status.elapsed),
            status.pid ? std::to_string(*status.pid) : "<none>",
            group_name(status.group)};
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

std::string to_json_list(const std::vector<control::ServiceStatus>& services) {
    Array list;
    for (const auto& service : services) {
        Object one;
        one.set("package", service.ident.to_string());
        one.set("group", group_name(service.group));
        one.set("desired", service.desired_up ? "up" : "down");
        one.set("state", service.up ? "up" : "down");
        one.set("elapsed", static_cast<std::int64_t>(service.elapsed));
        one.set("pid", service.pid ? Value(static_cast<std::int64_t>(*service.pid)) : Value());
        one.set("phase", text_or_null(service.phase));
        one.set("reason", text_or_null(service.reason));
        one.set("health", text_or_null(service.health));
        one.set("ready", service.ready ? Value(*service.ready) : Value());
        list.emplace_back(std::move(one));
    }
    return to_json(list, true);
}

/// Why a service is not up is what people want to know next; on stderr, so that the table stays a
/// table.
void explain(const std::vector<control::ServiceStatus>& services, Terminal& terminal) {
    for (const auto& service : services) {
        if (service.up && service.ready == false) {
            terminal.warn(fmt::format("{} runs, but is not ready yet", group_name(service.group)));
        }
        if (service.up || service.reason.empty()) continue;
        terminal.warn(fmt::format("{} is {}: {}", group_name(service.group),
                                  service.phase.empty() ? "down" : service.phase, service.reason));
    }
}

}  // namespace

int run_svc_status(Invocation& invocation) {
    const bool json = is_json(invocation, "table");
    control::SvcStatus message;
    if (const auto text = invocation.args.get("PKG_IDENT"))
        message.ident = package::Ident::parse(*text);
    std::vector<control::ServiceStatus> services;
    connect_supervisor(invocation).request(message, [&](const control::Frame& frame) {
        if (frame.message_id == control::ServiceStatus::id) {
            services.push_back(control::from_wire<control::ServiceStatus>(frame.body));
        }
    });
    if (json) {
        invocation.terminal.out(to_json_list(services));
    } else if (services.empty()) {
        invocation.terminal.out("No services loaded.\n");
    } else {
        std::vector<Row> rows;
        for (const auto& service : services)
            rows.push_back(to_row(service));
        invocation.terminal.out(columns_text(columns, rows, line_width(invocation.terminal)));
        explain(services, invocation.terminal);
    }
    return 0;
}

}  // namespace hab::cli
