// SPDX-License-Identifier: Apache-2.0
// Talking to a supervisor from a command.
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "control/client.hpp"

namespace hab::cli {

/// "-r, --remote-sup HOST[:PORT]".
inline constexpr OptionSpec remote_sup_option{
    "remote-sup",
    'r',
    OptionKind::value,
    "HOST[:PORT]",
    "Supervisor to talk to [default: HAB_LISTEN_CTL, cli.toml, the one on this machine]",
    {},
    {}};

/// Connects to the supervisor that --remote-sup, the environment, cli.toml or this machine names.
[[nodiscard]] control::Client connect_supervisor(const Invocation& invocation);
/// To the one on this machine, whatever else is configured.
[[nodiscard]] control::Client connect_local_supervisor(const Paths& paths);

/// The JSON that a Query is answered with.
[[nodiscard]] std::string ask_supervisor(const Invocation& invocation, const control::Query& query);
/// Reads --format, which may be "json" or `other`. Throws Error(usage).
[[nodiscard]] bool is_json(const Invocation& invocation, std::string_view other);

/// Shows ConsoleLine and NetProgress as they come.
[[nodiscard]] control::Client::OnReply show_replies(Terminal& terminal);

}  // namespace hab::cli
