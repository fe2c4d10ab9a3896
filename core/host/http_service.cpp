// SPDX-License-Identifier: Apache-2.0
// hab.http/1 on the project's HTTP client.
#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"
#include "net/http_client.hpp"

namespace hab::host {
namespace {

using std::chrono::milliseconds;

std::chrono::milliseconds or_default(std::uint64_t given, milliseconds standard) {
    return given == 0 ? standard : milliseconds(given);
}

void add_authentication(net::HttpRequest& request, const hab_http_request& given) {
    switch (given.auth) {
        case HAB_HTTP_AUTH_NONE:
            return;
        case HAB_HTTP_AUTH_BASIC:
            request.user = text(given.auth_user);
            request.password = text(given.auth_secret);
            return;
        case HAB_HTTP_AUTH_BEARER:
            request.bearer_token = text(given.auth_secret);
            return;
        default:
            throw Error(ErrorCode::unsupported,
                        fmt::format("this hab knows no authentication of kind {}", given.auth));
    }
}

void add_body(net::HttpRequest& request, const hab_http_request& given) {
    if (given.read_body == nullptr) {
        request.body = text(given.body);
        return;
    }
    request.read_body = [read = given.read_body, ctx = given.read_ctx](std::span<std::byte> into) {
        std::size_t got = 0;
        if (const hab_status status = read(ctx, into.data(), into.size(), &got);
            status != HAB_STATUS_OK) {
            throw Error(plugin::to_error_code(status), "the sender of a request body gave up");
        }
        if (got > into.size())
            throw Error(ErrorCode::bug, "the sender of a request body overran its buffer");
        return got;
    };
    if (given.body_size != HAB_HTTP_SIZE_UNKNOWN) request.body_size = given.body_size;
}

net::HttpRequest to_request(const hab_http_request& given) {
    net::HttpRequest request;
    request.method = text(given.method);
    request.url = text(given.url);
    request.unix_socket = text(given.unix_socket);
    request.ca_file = text(given.ca_file);
    for (std::size_t i = 0; i < given.header_count; ++i) {
        request.headers.emplace_back(text(given.headers[i].key), text(given.headers[i].value));
    }
    add_authentication(request, given);
    add_body(request, given);
    request.resume_from = given.resume_from;
    request.follow_redirects = (given.flags & HAB_HTTP_NO_REDIRECTS) == 0;
    request.connect_timeout = or_default(given.connect_timeout_ms, milliseconds(10'000));
    request.stall_timeout = or_default(given.stall_timeout_ms, milliseconds(60'000));
    request.total_timeout = milliseconds(given.timeout_ms);
    return request;
}

/// First byte of a partial answer: "Content-Range: bytes 100-199/200".
std::uint64_t first_byte(const net::HttpHead& head) {
    if (head.status != 206) return 0;
    const std::string_view range = head.header("content-range");
    const auto start = range.find_first_of("0123456789");
    std::uint64_t first = 0;
    if (start != std::string_view::npos) {
        std::from_chars(range.data() + start, range.data() + range.size(), first);
    }
    return first;
}

/// Passes an answer on to the plugin.
class Receiver {
public:
    explicit Receiver(hab_http_response* raw) : raw_(raw), given_(copy_covered(raw)) {}

    void head(const net::HttpHead& head) {
        given_.status = head.status;
        given_.resumed_at = first_byte(head);
        store_covered(given_, raw_);  // readable before the first byte of the body
        if (given_.on_header == nullptr) return;
        for (const auto& [name, value] : head.headers) {
            const hab_status status =
                given_.on_header(given_.header_ctx, plugin::to_abi(name), plugin::to_abi(value));
            if (status != HAB_STATUS_OK) {
                throw Error(plugin::to_error_code(status), "the receiver of an answer gave up");
            }
        }
    }
    void body(std::span<const std::byte> bytes) {
        given_.total_bytes += bytes.size();
        plugin::put(given_.body, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    void finish() { store_covered(given_, raw_); }
    [[nodiscard]] unsigned status() const noexcept { return given_.status; }

private:
    hab_http_response* raw_;
    hab_http_response given_;
};

hab_status request(const hab_host* host, const hab_http_request* raw, hab_http_response* response,
                   hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const hab_http_request given = copy_covered(raw);
        Context& context = Context::of(host);
        Receiver receiver(response);
        net::HttpRequest made = to_request(given);
        made.on_head = [&](const net::HttpHead& head) { receiver.head(head); };
        made.on_body = [&](std::span<const std::byte> bytes) { receiver.body(bytes); };
        made.on_progress = [&](const net::HttpProgress&) { return !context.cancelled(); };
        net::open_http_client()->send(made);
        receiver.finish();
        if ((given.flags & HAB_HTTP_FAIL_ON_ERROR) != 0 && receiver.status() >= 400) {
            net::throw_http_status(made.method, made.url, receiver.status());
        }
    });
}

}  // namespace

const hab_http_service http_table = {sizeof(hab_http_service), request};

}  // namespace hab::host
