// SPDX-License-Identifier: Apache-2.0
// Bytes on the HTTP gateway's port: cut into requests, each with its query read and routed. The
// first byte says into which pieces the network cuts them; the outcome must not depend on it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/http_message.hpp"
#include "supervisor/http/route_table.hpp"

namespace {

using namespace hab;
using Outcome = net::HttpRequestReader::Outcome;

const supervisor::http::RouteTable& table() {
    static const auto routes = [] {
        auto service = std::make_shared<supervisor::ServiceSnapshot>();
        service->name = "nginx";
        service->group = "nginx.default";
        supervisor::http::RouteTable made(
            [service](std::string_view name) { return name == "nginx" ? service : nullptr; });
        const auto ok = [](const auto&...) { return supervisor::http::empty_response(200); };
        made.add("/services", "", ok);
        made.add_service("", "", ok);
        made.add_service("config", "", ok);
        made.add_service("config/origins", "", ok);
        return made;
    }();
    return routes;
}

void use(const net::HttpServerRequest& request) {
    const unsigned status = table().answer(request).status;
    if (status != 200 && status != 400 && status != 404 && status != 405) std::abort();
    (void)table().pattern(request.path);
    (void)supervisor::http::query_value(request.query, "lines");
    (void)net::find_header(request.headers, "authorization");
}

/// Requests that were complete before the end or the refusal.
std::size_t requests_in(std::string_view bytes, std::size_t piece) {
    net::HttpRequestReader reader(1024, 4096);
    std::size_t count = 0;
    while (true) {
        const auto outcome = reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        if (outcome == Outcome::refused) return count;
        if (outcome == Outcome::complete) {
            use(reader.request());
            ++count;
            if (count > 1000) return count;
        } else if (bytes.empty()) {
            return count;
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t whole = requests_in(bytes, std::max<std::size_t>(1, bytes.size()));
    if (requests_in(bytes, 1 + data[0] % 64) != whole) std::abort();
    return 0;
}
