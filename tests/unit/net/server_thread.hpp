// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <thread>

#include "net/http_server.hpp"

namespace hab::net::test {

/// An HttpServer with its loop on an own thread, for clients that block. Ends with the object.
class ServerThread {
public:
    explicit ServerThread(HttpHandler handler, HttpServerLimits limits = {},
                          const Endpoint& address = {"127.0.0.1", 0, {}},
                          std::shared_ptr<TlsContext> tls = {});
    ~ServerThread();
    ServerThread(const ServerThread&) = delete;
    ServerThread& operator=(const ServerThread&) = delete;

    [[nodiscard]] const Endpoint& local() const noexcept { return local_; }
    [[nodiscard]] std::string url(std::string_view path) const;

private:
    std::unique_ptr<boost::asio::io_context> loop_;
    std::unique_ptr<HttpServer> server_;
    Endpoint local_;
    std::thread thread_;
};

}  // namespace hab::net::test
