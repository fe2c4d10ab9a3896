// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/route_table.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "net/url.hpp"
#include "supervisor/service_group.hpp"

namespace hab::supervisor::http {

namespace {

constexpr std::string_view services = "/services/";
/// SERVICE/GROUP/ORG and the longest detail.
constexpr std::size_t most_parts = 8;

std::string_view without_final_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// The parts of "a/b/c" without memory of their own; count is most_parts + 1 if there are more.
struct Parts {
    std::array<std::string_view, most_parts> at;
    std::size_t count = 0;

    explicit Parts(std::string_view text) {
        while (true) {
            const auto slash = text.find('/');
            if (count < most_parts) at[count] = text.substr(0, slash);
            ++count;
            if (slash == std::string_view::npos || count > most_parts) return;
            text.remove_prefix(slash + 1);
        }
    }
};

/// Whether the parts from `first` on spell `detail`.
bool spells(const Parts& parts, std::size_t first, std::string_view detail) {
    if (detail.empty()) return first == parts.count;
    const Parts wanted(detail);
    return parts.count == first + wanted.count &&
           std::equal(wanted.at.begin(), wanted.at.begin() + wanted.count,
                      parts.at.begin() + first);
}

/// How many path parts "config/origins" has.
std::ptrdiff_t parts(std::string_view detail) {
    return detail.empty() ? 0 : 1 + std::count(detail.begin(), detail.end(), '/');
}

}  // namespace

Response json_response(const Value& value, unsigned status) {
    return Response::text(status, to_json(value), "application/json");
}

Response empty_response(unsigned status) {
    Response response;
    response.status = status;
    return response;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    for (const std::string_view pair : split(query, '&')) {
        const auto equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) != name) continue;
        std::string raw(pair.substr(std::min(equals + 1, pair.size())));
        std::replace(raw.begin(), raw.end(), '+', ' ');
        auto value = net::percent_decode(raw);
        if (!value || !is_utf8(*value)) return std::nullopt;
        return value;
    }
    return std::nullopt;
}

void RouteTable::add(std::string path, std::string about, Handler handler) {
    routes_.push_back({std::move(path), std::move(about), std::move(handler)});
}

void RouteTable::add_service(std::string detail, std::string about, ServiceHandler handler) {
    std::string pattern = "/services/{service}/{group}";
    if (!detail.empty()) pattern += "/" + detail;
    ServiceRoute route{std::move(detail), std::move(pattern), std::move(about), std::move(handler)};
    // What has a longer tail is tried first: a detail is not mistaken for an organization.
    const auto place = std::find_if(
        service_routes_.begin(), service_routes_.end(),
        [&](const ServiceRoute& other) { return parts(other.detail) < parts(route.detail); });
    service_routes_.insert(place, std::move(route));
}

const RouteTable::Route* RouteTable::find_plain(std::string_view path) const {
    path = without_final_slash(path);
    const auto found = std::find_if(routes_.begin(), routes_.end(),
                                    [&](const Route& route) { return route.path == path; });
    return found == routes_.end() ? nullptr : &*found;
}

RouteTable::Match RouteTable::find_service_route(std::string_view path) const {
    path = without_final_slash(path);
    if (!path.starts_with(services)) return {};
    const Parts parts(path.substr(services.size()));
    if (parts.count < 2 || parts.count > most_parts) return {};
    for (const ServiceRoute& route : service_routes_) {
        for (const std::size_t names : {2u, 3u}) {
            if (names > parts.count || !spells(parts, names, route.detail)) continue;
            std::string group;
            group.append(parts.at[0]).append(1, '.').append(parts.at[1]);
            if (names == 3) group.append(1, '@').append(parts.at[2]);
            return {&route, std::move(group)};
        }
    }
    return {};
}

Response RouteTable::answer_service(const Request& request) const {
    const Match match = find_service_route(request.path);
    if (match.route == nullptr) return empty_response(404);
    ServiceGroup group;
    try {
        group = ServiceGroup::parse(match.group);
    } catch (const Error&) {
        return empty_response(400);
    }
    const auto service = find_(group.service);
    if (!service || service->group != group.to_string()) return empty_response(404);
    return match.route->handler(request, *service);
}

Response RouteTable::answer(const Request& request) const {
    if (request.method != "GET" && request.method != "HEAD") {
        Response response = empty_response(405);
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (const Route* const route = find_plain(request.path)) return route->handler(request);
    return answer_service(request);
}

std::string_view RouteTable::pattern(std::string_view path) const {
    if (const Route* const route = find_plain(path)) return route->path;
    const Match match = find_service_route(path);
    return match.route == nullptr ? std::string_view("other") : match.route->pattern;
}

std::vector<std::pair<std::string, std::string>> RouteTable::index() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& route : routes_) {
        if (!route.about.empty()) out.emplace_back(route.path, route.about);
    }
    for (const auto& route : service_routes_) {
        if (!route.about.empty()) out.emplace_back(route.pattern, route.about);
    }
    return out;
}

}  // namespace hab::supervisor::http
