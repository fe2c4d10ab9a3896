// SPDX-License-Identifier: Apache-2.0
#include "unit/net/server_thread.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace hab::net::test {

ServerThread::ServerThread(HttpHandler handler, HttpServerLimits limits, const Endpoint& address,
                           std::shared_ptr<TlsContext> tls)
    : loop_(std::make_unique<boost::asio::io_context>()),
      server_(std::make_unique<HttpServer>(*loop_, address, limits, std::move(handler),
                                           std::move(tls))),
      local_(server_->local()),
      thread_([this] { loop_->run(); }) {}

ServerThread::~ServerThread() {
    boost::asio::post(*loop_, [this] { server_.reset(); });
    thread_.join();
}

std::string ServerThread::url(std::string_view path) const {
    return "http://" + local_.to_string() + std::string(path);
}

}  // namespace hab::net::test
