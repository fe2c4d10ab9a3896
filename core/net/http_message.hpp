// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages without I/O: requests out of bytes, heads of answers into bytes. Private to net/,
// its tests and the fuzzer.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_server.hpp"

namespace hab::net {

/// Reads one request after another from the bytes of one connection. Boost.Beast's parser is in the
/// implementation only.
class HttpRequestReader {
public:
    HttpRequestReader(std::size_t header_limit, std::size_t body_limit);
    ~HttpRequestReader();
    HttpRequestReader(const HttpRequestReader&) = delete;
    HttpRequestReader& operator=(const HttpRequestReader&) = delete;

    enum class Outcome {
        incomplete,  ///< more bytes are needed
        complete,    ///< request() has it
        refused,     ///< status() says why; the connection cannot be used for more requests
    };
    /// Adds bytes and goes on; empty bytes go on with what came after the request before.
    Outcome feed(std::string_view bytes);
    /// The request, after `complete`; the next feed() begins another one.
    [[nodiscard]] HttpServerRequest& request() noexcept;
    /// Whether the client wants to send more requests on this connection.
    [[nodiscard]] bool keep_alive() const noexcept;
    /// 400, 413 or 431, after `refused`.
    [[nodiscard]] unsigned status() const noexcept;
    /// Whether a request has begun to arrive.
    [[nodiscard]] bool begun() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

/// Whether more requests may follow on the connection, or how long the body is.
struct HttpFraming {
    bool keep_alive = false;
    bool until_close = false;  ///< length unknown: the body ends with the connection
    std::size_t length = 0;
};

/// Status line and headers, with the empty line. Header values that hold control characters are left
/// out: they would begin headers of their own.
[[nodiscard]] std::string http_response_head(const HttpServerResponse& response,
                                             const HttpFraming& framing);

}  // namespace hab::net
