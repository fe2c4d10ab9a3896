// SPDX-License-Identifier: Apache-2.0
// The HTTP gateway: read-only JSON about the services of this supervisor.
// docs/guide/http-gateway.md.
#pragma once

#include <string>

#include "net/http_server.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// Listens while it lives; loop only. `state` must outlive it.
class HttpGateway {
public:
    /// `token`: what clients must send as "Authorization: Bearer TOKEN"; empty: everybody may read.
    /// Throws as net::HttpServer, so a port in use is Error(conflict) that names the address.
    HttpGateway(boost::asio::io_context& loop, const net::Endpoint& address,
                const StateReader& state, std::string token);

    [[nodiscard]] const net::Endpoint& local() const noexcept { return server_.local(); }
    /// HAB_SUP_GATEWAY_AUTH_TOKEN, or empty.
    [[nodiscard]] static std::string token_from_environment();

private:
    net::HttpServer server_;
};

/// The answer to one request; a pure function of the state. Exposed for tests.
[[nodiscard]] net::HttpServerResponse answer_http(const StateReader& state,
                                                  const std::string& token,
                                                  const net::HttpServerRequest& request);

}  // namespace hab::supervisor
