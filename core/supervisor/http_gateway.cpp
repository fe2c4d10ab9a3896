// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http_gateway.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "supervisor/gateway_secret.hpp"
#include "supervisor/http_gateway_json.hpp"
#include "supervisor/service_group.hpp"

namespace hab::supervisor {

namespace {

using net::HttpServerRequest;
using net::HttpServerResponse;

constexpr std::string_view index_page = R"(<!DOCTYPE html>
<html><head><title>hab supervisor</title></head><body>
<h1>hab supervisor</h1>
<dl>
<dt><a href="/services">/services</a></dt><dd>all loaded services</dd>
<dt>/services/SERVICE/GROUP[/ORG]</dt><dd>one service</dd>
<dt>/services/SERVICE/GROUP[/ORG]/config</dt><dd>its merged configuration</dd>
<dt>/services/SERVICE/GROUP[/ORG]/health</dt><dd>its health: 200 OK or WARNING, 503 CRITICAL, 500 UNKNOWN</dd>
</dl></body></html>
)";

HttpServerResponse empty(unsigned status) {
    HttpServerResponse response;
    response.status = status;
    return response;
}

HttpServerResponse json(const Value& value, unsigned status = 200) {
    return HttpServerResponse::text(status, to_json(value), "application/json");
}

bool is_authorized(const HttpServerRequest& request, const std::string& token) {
    constexpr std::string_view scheme = "Bearer ";
    if (token.empty()) return true;
    const std::string_view header = net::find_header(request.headers, "Authorization");
    return header.starts_with(scheme) && same_secret(header.substr(scheme.size()), token);
}

/// HTTP status for load balancers: WARNING still serves.
unsigned http_status(Health health) noexcept {
    switch (health) {
        case Health::ok:
        case Health::warning:
            return 200;
        case Health::critical:
            return 503;
        case Health::unknown:
            break;
    }
    return 500;
}

HttpServerResponse all_services(const StateReader& state) {
    Array list;
    for (const auto& service : state.services()) {
        list.push_back(service_json(*service, state.system(), state.paths()));
    }
    return json(list);
}

/// `parts` are those after "services".
HttpServerResponse one_service(const StateReader& state, std::vector<std::string_view> parts) {
    std::string_view detail;
    if (parts.size() > 2 && (parts.back() == "config" || parts.back() == "health")) {
        detail = parts.back();
        parts.pop_back();
    }
    if (parts.size() < 2 || parts.size() > 3) return empty(404);
    std::string name = std::string(parts[0]) + "." + std::string(parts[1]);
    if (parts.size() == 3) name += "@" + std::string(parts[2]);
    ServiceGroup group;
    try {
        group = ServiceGroup::parse(name);
    } catch (const Error&) {
        return empty(400);
    }
    const auto service = state.find(group.service);
    if (!service || service->group != group.to_string()) return empty(404);
    if (detail == "config") return json(service->cfg ? *service->cfg : Value(Object()));
    if (detail == "health") {
        return json(health_json(service->health), http_status(service->health.health));
    }
    return json(service_json(*service, state.system(), state.paths()));
}

}  // namespace

HttpServerResponse answer_http(const StateReader& state, const std::string& token,
                               const HttpServerRequest& request) {
    if (!is_authorized(request, token)) {
        HttpServerResponse response = empty(401);
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    if (request.method != "GET" && request.method != "HEAD") {
        HttpServerResponse response = empty(405);
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (request.path == "/") {
        return HttpServerResponse::text(200, std::string(index_page), "text/html; charset=utf-8");
    }
    std::vector<std::string_view> parts = split(std::string_view(request.path).substr(1), '/');
    if (parts.size() > 1 && parts.back().empty()) parts.pop_back();  // "/services/"
    if (parts.front() != "services") return empty(404);
    parts.erase(parts.begin());
    return parts.empty() ? all_services(state) : one_service(state, std::move(parts));
}

HttpGateway::HttpGateway(boost::asio::io_context& loop, const net::Endpoint& address,
                         const StateReader& state, std::string token)
    : server_(loop, address, net::HttpServerLimits{},
              [&state, token = std::move(token)](const HttpServerRequest& request) {
                  return answer_http(state, token, request);
              }) {}

std::string HttpGateway::token_from_environment() {
    const char* const token = std::getenv("HAB_SUP_GATEWAY_AUTH_TOKEN");
    return token != nullptr ? token : "";
}

}  // namespace hab::supervisor
