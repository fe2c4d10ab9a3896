// SPDX-License-Identifier: Apache-2.0
// The HTTP gateway: a Site that listens.
#pragma once

#include "supervisor/http/site.hpp"

namespace hab::supervisor::http {

/// Listens while it lives; loop only.
class Gateway {
public:
    /// Throws as net::HttpServer, so a port in use is Error(conflict) that names the address, and as
    /// net::open_tls_server() for what is wrong with key and certificates. `tls` without a key:
    /// plain HTTP.
    Gateway(boost::asio::io_context& loop, const net::Endpoint& address,
            const net::TlsServerFiles& tls, SiteSettings settings, const Sources& sources);

    [[nodiscard]] Site& site() noexcept { return site_; }
    [[nodiscard]] const net::Endpoint& local() const noexcept { return server_.local(); }

private:
    Site site_;
    net::HttpServer server_;
};

}  // namespace hab::supervisor::http
