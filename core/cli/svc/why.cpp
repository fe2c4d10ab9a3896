// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "supervisor/sup_state.hpp"
#include "supervisor/why_answer.hpp"
#include "supervisor/why_report.hpp"

namespace hab::cli {
namespace {

std::uint32_t read_count(const Invocation& invocation) {
    const std::string text = invocation.args.require("last");
    const auto number = parse_u64(text);
    if (number && *number > 0 && *number <= 1000) return static_cast<std::uint32_t>(*number);
    throw Error(ErrorCode::usage,
                fmt::format("--last needs a number from 1 to 1000, not '{}'", text));
}

/// Of a supervisor that runs no more: what it has left.
Value read_left_records(const Invocation& invocation, const std::string& service,
                        std::uint32_t count) {
    auto records = supervisor::read_records(supervisor::recorder_dir(invocation.paths), service);
    if (records.empty()) {
        throw Error(
            ErrorCode::not_found,
            fmt::format("nothing is known of a service '{}', and no supervisor runs", service),
            "Start one with `hab sup run`.");
    }
    invocation.terminal.warn("No supervisor runs; this is what the last one recorded");
    return supervisor::why_report(service, std::move(records), nullptr, count);
}

}  // namespace

int run_why(Invocation& invocation) {
    const bool json = is_json(invocation, "text");
    const std::string name = invocation.args.require("SERVICE");
    const std::string service = supervisor::service_in(name);
    const auto count = read_count(invocation);
    const bool is_here = !invocation.args.get("remote-sup");
    const Value report =
        is_here && !supervisor::running_launcher(invocation.paths)
            ? read_left_records(invocation, service, count)
            : parse_json(ask_supervisor(invocation, control::Query{"why", service, count}),
                         "the supervisor's answer");
    if (json) {
        invocation.terminal.out(to_json(report, true));
    } else {
        const std::size_t width = std::clamp<std::size_t>(invocation.terminal.width(), 60, 120);
        invocation.terminal.out(
            supervisor::why_text(report, invocation.terminal.is_tty() ? width : 80));
    }
    return 0;
}

}  // namespace hab::cli
