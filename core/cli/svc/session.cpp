// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/session.hpp"

#include "control/secret.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

/// Where the supervisor of this machine listens; nothing if none runs (listen.json may be left
/// over).
std::optional<net::Endpoint> local_gateway(const Paths& paths) {
    if (!supervisor::running_launcher(paths)) return std::nullopt;
    const auto addresses = supervisor::read_listen_file(paths);
    return addresses ? addresses->ctl : std::nullopt;
}

}  // namespace

control::Client connect_supervisor(const Invocation& invocation) {
    const Paths& paths = invocation.paths;
    const auto gateway =
        control::find_gateway(paths, invocation.args.get("remote-sup"), local_gateway(paths));
    return control::Client(gateway, control::find_secret(paths));
}

control::Client connect_local_supervisor(const Paths& paths) {
    const auto gateway = local_gateway(paths);
    if (!gateway) {
        throw Error(ErrorCode::io,
                    "cannot reach the supervisor of this machine: it does not listen yet");
    }
    return control::Client(*gateway, control::find_secret(paths));
}

control::Client::OnReply show_replies(Terminal& terminal) {
    return [&terminal](const control::Frame& frame) {
        if (frame.message_id == control::ConsoleLine::id) {
            terminal.progress_end();
            terminal.out(control::from_wire<control::ConsoleLine>(frame.body).line);
        } else if (frame.message_id == control::NetProgress::id) {
            const auto progress = control::from_wire<control::NetProgress>(frame.body);
            terminal.progress("downloading", progress.position, progress.total, true);
        }
    };
}

}  // namespace hab::cli
