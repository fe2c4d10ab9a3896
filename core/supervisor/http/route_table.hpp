// SPDX-License-Identifier: Apache-2.0
// Which path of the HTTP gateway is answered by what: one table that every part adds its routes to.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::http {

using Request = net::HttpServerRequest;
using Response = net::HttpServerResponse;

/// Answers a GET; on the loop, must not block. What the table has checked before: the method, the
/// token. HEAD comes as GET.
using Handler = std::function<Response(const Request&)>;
/// The same for a route below /services/SERVICE/GROUP[/ORG]; the service is loaded.
using ServiceHandler = std::function<Response(const Request&, const ServiceSnapshot&)>;

/// A JSON answer; the common case.
[[nodiscard]] Response json_response(const Value& value, unsigned status = 200);
/// No body.
[[nodiscard]] Response empty_response(unsigned status);

/// Value of `name` in a query string ("lines=20&follow=1"), percent-decoded with '+' as space;
/// nothing if it is absent, not valid UTF-8 or has broken escapes. The first one counts.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Filled before the gateway listens. Loop only.
class RouteTable {
public:
    /// Snapshots for service routes: null if `name` is not loaded.
    using FindService =
        std::function<std::shared_ptr<const ServiceSnapshot>(std::string_view name)>;
    explicit RouteTable(FindService find) : find_(std::move(find)) {}

    /// `path` exactly, a slash at its end allowed: "/metrics". `about`: a few words for the index
    /// page; empty keeps the route off it.
    void add(std::string path, std::string about, Handler handler);
    /// /services/SERVICE/GROUP[/ORG]/`detail`; an empty detail is the service itself. 400 for names
    /// that cannot be a service group and 404 for services that are not loaded are the table's.
    /// A detail may have more than one part: "config/origins".
    void add_service(std::string detail, std::string about, ServiceHandler handler);

    /// 405 for methods other than GET and HEAD, 404 for unknown paths, or what the route answers.
    [[nodiscard]] Response answer(const Request& request) const;
    /// Pattern of the route that a path belongs to ("/services/{service}/{group}/health"), for
    /// metrics: their number is bounded whatever is asked. "other" if there is none.
    [[nodiscard]] std::string_view pattern(std::string_view path) const;
    /// Pattern and description of each route with a description, in the order of adding.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> index() const;

private:
    struct Route {
        std::string path;  ///< of a service route: the pattern
        std::string about;
        Handler handler;
    };
    struct ServiceRoute {
        std::string detail;
        std::string pattern;
        std::string about;
        ServiceHandler handler;
    };
    /// A path below /services/ taken apart; route is null if there is none for it.
    struct Match {
        const ServiceRoute* route = nullptr;
        std::string group;  ///< "nginx.default@acme"
    };
    [[nodiscard]] const Route* find_plain(std::string_view path) const;
    [[nodiscard]] Match find_service_route(std::string_view path) const;
    [[nodiscard]] Response answer_service(const Request& request) const;

    FindService find_;
    std::vector<Route> routes_;
    std::vector<ServiceRoute> service_routes_;
};

}  // namespace hab::supervisor::http
