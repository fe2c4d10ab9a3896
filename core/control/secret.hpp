// SPDX-License-Identifier: Apache-2.0
// Where a client finds the supervisor and the secret that opens its control gateway.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/paths.hpp"
#include "net/endpoint.hpp"

namespace hab::control {

inline constexpr std::uint16_t default_port = 9632;

/// First of: HAB_CTL_SECRET, `ctl_secret` in cli.toml, the file sup/default/CTL_SECRET. Throws
/// Error(not_found) that names all three, or denied when the file may not be read.
[[nodiscard]] std::string find_secret(const Paths& paths);

/// A text of cli.toml; nothing if it is not there. Throws invalid_input for what is no text.
[[nodiscard]] std::optional<std::string> cli_setting(const Paths& paths, std::string_view key);

/// Whether HAB_CTL_SECRET or cli.toml gives a secret: who does so wants it to count.
[[nodiscard]] bool secret_is_given(const Paths& paths);

/// First of: `remote` (the --remote-sup option), HAB_LISTEN_CTL, `listen_ctl` in cli.toml, `local`
/// (what the supervisor on this machine says it listens on), 127.0.0.1:9632. Throws Error(usage) on
/// a bad one.
[[nodiscard]] net::Endpoint find_gateway(const Paths& paths, std::optional<std::string> remote,
                                         const std::optional<net::Endpoint>& local);

}  // namespace hab::control
