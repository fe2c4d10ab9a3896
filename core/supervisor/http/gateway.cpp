// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/gateway.hpp"

namespace hab::supervisor::http {

namespace {

SiteSettings with_tls(SiteSettings settings, const net::TlsServerFiles& tls) {
    settings.knows_clients = !tls.client_ca.empty();
    return settings;
}

std::shared_ptr<net::TlsContext> open(const net::TlsServerFiles& tls) {
    return tls.key.empty() ? nullptr : net::open_tls_server(tls);
}

}  // namespace

Gateway::Gateway(boost::asio::io_context& loop, const net::Endpoint& address,
                 const net::TlsServerFiles& tls, SiteSettings settings, const Sources& sources)
    : site_(loop, with_tls(std::move(settings), tls), sources),
      server_(
          loop, address, net::HttpServerLimits{},
          [this](const Request& request) { return site_.answer(request); }, open(tls)) {
    site_.count_connections([this] { return server_.connections(); });
}

}  // namespace hab::supervisor::http
