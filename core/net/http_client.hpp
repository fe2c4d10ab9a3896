// SPDX-License-Identifier: Apache-2.0
// HTTP client: blocking, streaming, on libcurl. libcurl is in a private module that is loaded by
// open_http_client(), so that programs which never talk HTTP do not pay for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hab::net {

/// What is known of the answer once its head has arrived.
struct HttpHead {
    unsigned status = 0;
    /// Lower-case names, in order of arrival, of the last response (redirects and 1xx are not
    /// shown).
    std::vector<std::pair<std::string, std::string>> headers;

    /// First header of that (lower-case) name, "" if absent.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

struct HttpProgress {
    std::uint64_t received = 0;  ///< body bytes of this response
    std::uint64_t total = 0;     ///< 0 while unknown
    std::uint64_t sent = 0;      ///< request body bytes
};

/// One exchange. Callbacks run on the calling thread inside send(); an exception thrown by one ends
/// the transfer and comes out of send() unchanged.
struct HttpRequest {
    std::string method = "GET";  ///< GET, HEAD, PUT, POST, DELETE, PATCH
    std::string url;             ///< http:// or https://, nothing else
    std::string unix_socket;  ///< not empty: connect here; the URL's host is only the Host header
    std::vector<std::pair<std::string, std::string>> headers;
    std::string bearer_token;  ///< sent as "Authorization: Bearer …"; never sent on to another host
    std::string user;          ///< basic authentication
    std::string password;

    std::string body;  ///< request body, when `read_body` is not set
    /// Streamed request body: fills the buffer, returns how much (0 = end).
    std::function<std::size_t(std::span<std::byte>)> read_body;
    /// Length of a streamed body; without it the body is sent chunked.
    std::optional<std::uint64_t> body_size;

    /// Called once, before the first byte of the body.
    std::function<void(const HttpHead&)> on_head;
    /// Receives the response body piece by piece. Without it the body is collected in
    /// HttpResponse::body.
    std::function<void(std::span<const std::byte>)> on_body;
    /// Called at most ten times a second; returning false cancels: Error(cancelled).
    std::function<bool(const HttpProgress&)> on_progress;

    std::uint64_t resume_from =
        0;  ///< > 0: asks for the rest ("Range: bytes=N-"); check for status 206
    std::uint64_t max_body = 16u << 20;  ///< of a collected body; more is Error(invalid_input)
    bool follow_redirects = true;  ///< at most ten, GET and HEAD only, never from https to http
    std::string ca_file;           ///< PEM bundle; "" is the system's store (SSL_CERT_FILE works)

    /// The server's certificate may name another host: for `ca_file`s that are that certificate.
    bool any_name = false;

    std::chrono::milliseconds connect_timeout{15'000};
    std::chrono::milliseconds stall_timeout{60'000};  ///< no byte in either direction for so long
    std::chrono::milliseconds total_timeout{0};       ///< 0 = none
};

struct HttpResponse {
    HttpHead head;
    std::string body;  ///< empty when on_body took it
    std::uint64_t received = 0;
    std::string url;  ///< after redirects
};

/// Keeps connections for reuse. Not thread-safe; one per thread. Proxies come from the environment
/// (http_proxy, https_proxy, all_proxy, no_proxy) as in curl, but never for unix sockets.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Any HTTP status is a result, not an error. Throws Error: io (resolve, connect, TLS, reset;
    /// names URL and reason), timeout, cancelled, usage (bad URL), invalid_input (answer too large
    /// or garbled).
    virtual HttpResponse send(const HttpRequest& request) = 0;
};

/// Loads the module on first use (about 5 ms). Throws Error(unsupported) when it is not installed.
[[nodiscard]] std::unique_ptr<HttpClient> open_http_client();

/// The error for a status that the caller did not expect: "cannot <tried> <url>: the server
/// answered 404 (Not Found)"; not_found for 404/410, denied for 401/403, io for the rest.
[[nodiscard]] std::string http_status_text(unsigned status);
void throw_http_status(std::string_view tried, std::string_view url, unsigned status);

}  // namespace hab::net
