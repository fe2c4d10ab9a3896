// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/commands.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {

int run_sup_restart(Invocation& invocation) {
    control::Client client = connect_supervisor(invocation);
    client.begin(control::SupRestart{});
    client.wait_until_closed();
    invocation.terminal.end("The supervisor restarts; its services keep running");
    return 0;
}

}  // namespace hab::cli
