// SPDX-License-Identifier: Apache-2.0
// The commands that only name a service: start, stop, unload.
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"

namespace hab::cli {
namespace {

package::Ident named_ident(const Invocation& invocation) {
    return package::Ident::parse(invocation.args.require("PKG_IDENT"));
}

template <typename Message>
int send(Invocation& invocation, const Message& message) {
    connect_supervisor(invocation).request(message, show_replies(invocation.terminal));
    return 0;
}

}  // namespace

int run_svc_start(Invocation& invocation) {
    return send(invocation, control::SvcStart{named_ident(invocation)});
}

int run_svc_stop(Invocation& invocation) {
    const auto timeout = read_seconds(invocation.args, "shutdown-timeout");
    return send(invocation, control::SvcStop{named_ident(invocation), timeout});
}

int run_svc_restart(Invocation& invocation) {
    const auto ident = named_ident(invocation);
    const auto timeout = read_seconds(invocation.args, "shutdown-timeout");
    // The answer to the stop comes when the process has ended.
    (void)send(invocation, control::SvcStop{ident, timeout});
    return send(invocation, control::SvcStart{ident});
}

int run_svc_unload(Invocation& invocation) {
    const auto timeout = read_seconds(invocation.args, "shutdown-timeout");
    return send(invocation, control::SvcUnload{named_ident(invocation), timeout});
}

}  // namespace hab::cli
