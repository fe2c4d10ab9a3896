// SPDX-License-Identifier: Apache-2.0
//
// hab.http/1: the host's HTTP client.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace hab::sdk {

/// What to send; see hab_http_request.
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::string unix_socket = {};
    std::string ca_file = {};
    std::uint32_t flags = 0;
    std::uint32_t auth = HAB_HTTP_AUTH_NONE;
    std::string auth_user = {};
    std::string auth_secret = {};
    std::vector<KeyValue> headers = {};
    std::string body = {};
    /// Streams a body: fills the buffer and returns how many bytes it put there, 0 at the end.
    std::function<std::size_t(char* buffer, std::size_t size)> read_body = {};
    std::uint64_t body_size = HAB_HTTP_SIZE_UNKNOWN;
    std::uint64_t resume_from = 0;
    std::uint64_t timeout_ms = 0;
    /// Gets the answer's body as it arrives; without it, it is collected in HttpResponse::body.
    std::function<void(std::string_view)> on_body = {};
};

struct HttpResponse {
    std::uint32_t status = 0;
    std::vector<KeyValue> headers = {};  ///< names in lower case
    std::string body = {};
    std::uint64_t resumed_at = 0;
    std::uint64_t total_bytes = 0;
};

namespace detail {

/// Callbacks of one exchange.
struct HttpExchange {
    const HttpRequest* request;
    HttpResponse response;
    Stowaway stowaway;

    static hab_status header(void* ctx, hab_str name, hab_str value) noexcept {
        auto* self = static_cast<HttpExchange*>(ctx);
        return self->stowaway.run([&] {
            self->response.headers.push_back(
                {std::string(from_abi(name)), std::string(from_abi(value))});
        });
    }
    static hab_status read(void* ctx, void* buffer, std::size_t size, std::size_t* got) noexcept {
        auto* self = static_cast<HttpExchange*>(ctx);
        return self->stowaway.run(
            [&] { *got = self->request->read_body(static_cast<char*>(buffer), size); });
    }
    static hab_status body(void* ctx, const void* data, std::size_t size) noexcept {
        auto* self = static_cast<HttpExchange*>(ctx);
        const std::string_view bytes(static_cast<const char*>(data), size);
        return self->stowaway.run([&] {
            if (self->request->on_body) {
                self->request->on_body(bytes);
            } else {
                self->response.body.append(bytes);
            }
        });
    }
};

}  // namespace detail

class Http : public Service<hab_http_service> {
public:
    static constexpr const char* id = HAB_SERVICE_HTTP;
    Http(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Does the exchange. Throws if no complete answer came; an answer >= 400 is an answer unless
    /// HAB_HTTP_FAIL_ON_ERROR.
    [[nodiscard]] HttpResponse request(const HttpRequest& request) const {
        detail::HttpExchange exchange{&request, {}, {}};
        const auto headers = to_abi_list(request.headers);
        const hab_http_request raw = to_raw(request, headers, exchange);
        hab_http_response answer{};
        answer.struct_size = sizeof(answer);
        answer.on_header = &detail::HttpExchange::header;
        answer.header_ctx = &exchange;
        answer.body = {&exchange, &detail::HttpExchange::body};
        try {
            call(id, &Table::request, host(), &raw, &answer);
        } catch (const Error&) {
            exchange.stowaway.rethrow();
            throw;
        }
        exchange.response.status = answer.status;
        exchange.response.resumed_at = answer.resumed_at;
        exchange.response.total_bytes = answer.total_bytes;
        return std::move(exchange.response);
    }

private:
    static hab_http_request to_raw(const HttpRequest& request, const std::vector<hab_kv>& headers,
                                   detail::HttpExchange& exchange) {
        hab_http_request raw{};
        raw.struct_size = sizeof(raw);
        raw.flags = request.flags;
        raw.auth = request.auth;
        raw.method = to_abi(request.method);
        raw.url = to_abi(request.url);
        raw.unix_socket = to_abi(request.unix_socket);
        raw.ca_file = to_abi(request.ca_file);
        raw.auth_user = to_abi(request.auth_user);
        raw.auth_secret = to_abi(request.auth_secret);
        raw.headers = headers.data();
        raw.header_count = headers.size();
        raw.body = to_abi(request.body);
        raw.read_body = request.read_body ? &detail::HttpExchange::read : nullptr;
        raw.read_ctx = &exchange;
        raw.body_size = request.body_size;
        raw.resume_from = request.resume_from;
        raw.timeout_ms = request.timeout_ms;
        return raw;
    }
};

}  // namespace hab::sdk
