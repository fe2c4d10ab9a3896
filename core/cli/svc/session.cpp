// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/session.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.hpp"
#include "control/secret.hpp"
#include "control/tls_files.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

/// Where the supervisor of this machine listens; nothing if none runs (listen.json may be left
/// over). The socket comes first: it needs no secret, so who gives one wants the other.
std::optional<net::Endpoint> local_gateway(const Paths& paths) {
    if (!supervisor::running_launcher(paths)) return std::nullopt;
    const auto addresses = supervisor::read_listen_file(paths);
    if (!addresses) return std::nullopt;
    std::error_code none;
    const bool has_socket =
        addresses->local && std::filesystem::exists(addresses->local->unix_path, none);
    return has_socket && !control::secret_is_given(paths) ? addresses->local : addresses->ctl;
}

/// On its own socket the supervisor asks the kernel who comes.
control::Client connect(const Paths& paths, const net::Endpoint& gateway) {
    const bool is_own = gateway.unix_path == supervisor::local_ctl_socket(paths);
    if (is_own) return control::Client(gateway, std::string());
    std::shared_ptr<net::TlsContext> tls;
    // Who can open a Unix socket has no network in between.
    if (gateway.unix_path.empty()) {
        if (const auto files = control::client_tls(paths, gateway))
            tls = net::open_tls_client(*files);
    }
    return control::Client(gateway, control::find_secret(paths), std::chrono::seconds(10), tls);
}

}  // namespace

control::Client connect_supervisor(const Invocation& invocation) {
    const Paths& paths = invocation.paths;
    const auto gateway =
        control::find_gateway(paths, invocation.args.get("remote-sup"), local_gateway(paths));
    return connect(paths, gateway);
}

control::Client connect_local_supervisor(const Paths& paths) {
    const auto gateway = local_gateway(paths);
    if (!gateway) {
        throw Error(ErrorCode::io,
                    "cannot reach the supervisor of this machine: it does not listen yet");
    }
    return connect(paths, *gateway);
}

bool is_json(const Invocation& invocation, std::string_view other) {
    const std::string format = invocation.args.require("format");
    if (format == "json" || format == other) return format == "json";
    throw Error(ErrorCode::usage, fmt::format("'{}' is not an output format", format),
                fmt::format("Use --format {} or --format json.", other));
}

std::string ask_supervisor(const Invocation& invocation, const control::Query& query) {
    std::string json;
    connect_supervisor(invocation).request(query, [&](const control::Frame& frame) {
        if (frame.message_id == control::Answer::id)
            json = control::from_wire<control::Answer>(frame.body).json;
    });
    return json;
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
