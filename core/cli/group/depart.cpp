// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/group/commands.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {

int run_sup_depart(Invocation& invocation) {
    const std::string member = invocation.args.require("MEMBER_ID");
    invocation.terminal.begin(fmt::format("Permanently marking {} as departed", member));
    connect_supervisor(invocation)
        .request(control::SupDepart{member}, show_replies(invocation.terminal));
    invocation.terminal.end("Departure recorded");
    return 0;
}

}  // namespace hab::cli
