// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server on the caller's event loop. Boost.Beast is in the implementation only.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/endpoint.hpp"
#include "net/tls.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): theirs
}

namespace hab::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Value of the first header of that name (ASCII case-insensitive); "" if absent. A view into
/// `headers`.
[[nodiscard]] std::string_view find_header(const HttpHeaders& headers,
                                           std::string_view name) noexcept;

struct HttpServerRequest {
    std::string method;  ///< as sent, "GET"
    std::string path;    ///< percent-decoded, without the query; always begins with '/'
    std::string query;   ///< raw text after '?', "" if none
    HttpHeaders headers;
    std::string body;
    std::string peer;  ///< address of the client, for logs; "" on a unix socket
};

/// The body of an answer that is made while it is sent. Loop only; stays valid when the client has
/// gone.
class HttpStream {
public:
    virtual ~HttpStream() = default;
    /// Queues bytes behind those sent before. False when the client has gone, or when more than
    /// HttpServerLimits::stream_bytes would wait for it: then it is dropped.
    virtual bool send(std::shared_ptr<const std::string> bytes) = 0;
    /// Nothing more comes; the connection ends when everything has been sent.
    virtual void end() = 0;
    /// Called once when the client is gone, whoever ended it; not if it has gone already.
    virtual void on_close(std::function<void()> closed) = 0;
};

struct HttpServerResponse {
    unsigned status = 200;
    std::string content_type = "application/json";
    HttpHeaders headers = {};  ///< in addition to those the server writes itself
    std::shared_ptr<const std::string> body = {};  ///< shared, never copied; null is an empty body
    /// Not empty: called once with the place that the body goes to. The connection serves nothing
    /// else afterwards.
    std::function<void(std::shared_ptr<HttpStream>)> stream = {};

    /// Convenience for a body that is made on the spot.
    [[nodiscard]] static HttpServerResponse text(unsigned status, std::string body,
                                                 std::string content_type = "text/plain");
};

struct HttpServerLimits {
    std::size_t header_bytes = 8 * 1024;  ///< larger request heads are answered 431
    std::size_t body_bytes = 64 * 1024;   ///< larger bodies are answered 413
    /// For a whole request to arrive, or a response to leave.
    std::chrono::milliseconds idle{30'000};
    /// Beyond it, a new connection takes the place of the one that has been waiting for its next
    /// request for the longest time; if none waits, it is left in the kernel's queue.
    std::size_t connections = 512;
    std::size_t streams = 64;  ///< answers with a stream at a time; more of them are answered 503
    std::size_t stream_bytes = 1u << 20;  ///< what may wait for a slow reader of a stream
};

/// Answers one request; called on the loop, must not block. An exception becomes a 500 with an
/// empty body and a line in the log. HEAD requests arrive as they are; the server drops the body of
/// the answer.
using HttpHandler = std::function<HttpServerResponse(const HttpServerRequest&)>;

class HttpServerState;  // implementation

/// Listens from construction to destruction. Everything happens on the thread that runs the loop;
/// the object must be destroyed there (or when the loop no longer runs). Keep-alive, one request at
/// a time per connection. Destruction closes the listener and every connection at once.
class HttpServer {
public:
    /// Throws Error(conflict) when the address is in use, denied / io / invalid_input otherwise;
    /// the sentence names the address. `tls`: null for plain HTTP.
    HttpServer(boost::asio::io_context& loop, const Endpoint& address, HttpServerLimits limits,
               HttpHandler handler, std::shared_ptr<TlsContext> tls = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Where it really listens: port 0 is replaced by the port the kernel chose.
    [[nodiscard]] const Endpoint& local() const noexcept;
    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const noexcept;

private:
    std::shared_ptr<HttpServerState> state_;
};

}  // namespace hab::net
