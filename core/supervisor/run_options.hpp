// SPDX-License-Identifier: Apache-2.0
// The flags of `hab sup run`, as hab-sup reads them. `hab sup run` checks them with the same code
// before it starts anything.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "net/endpoint.hpp"
#include "net/tls.hpp"
#include "supervisor/commands.hpp"
#include "supervisor/ring/ring_settings.hpp"

namespace hab::supervisor {

struct RunOptions {
    std::optional<net::Endpoint> listen_http;  ///< empty: --http-disable
    net::TlsServerFiles ctl_tls;               ///< of the control gateway; empty key: plain
    net::TlsServerFiles http_tls;              ///< empty key: plain HTTP
    net::Endpoint listen_ctl;
    RingSettings ring;
    std::string sys_ip_address;  ///< empty: address of the default route
    bool no_color = false;
    bool json_logging = false;
    bool verbose = false;
    std::chrono::seconds min_backoff{1};
    std::chrono::seconds max_backoff{60};
    bool explicit_backoff = false;  ///< the times are the operator's: also the first failure waits
    std::chrono::seconds cooldown{300};
    std::string package;  ///< ident or path of a .hart to load at start; may be empty
    ServiceOptions load;  ///< load options that go with `package`
};

/// Parses what stands after "run". Defaults come from the environment variables that
/// docs/guide/supervisor.md names. Throws Error(usage) with a hint.
[[nodiscard]] RunOptions parse_run_options(std::span<const std::string> arguments);

/// Text of `hab-sup run --help`.
[[nodiscard]] std::string run_options_help();

}  // namespace hab::supervisor
