// SPDX-License-Identifier: Apache-2.0
// Everything that the HTTP gateway answers, without the sockets. docs/guide/http-gateway.md.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "supervisor/http/event_feed.hpp"
#include "supervisor/http/metrics.hpp"
#include "supervisor/http/route_table.hpp"
#include "supervisor/http/snapshot_cache.hpp"

namespace hab::supervisor {
class RingMembership;
}

namespace hab::supervisor::http {

/// What the answers are made of. Borrowed; outlives the site.
struct Sources {
    const StateReader& state;
    EventStream& events;
    const Clock& clock;
    const Paths& paths;
    const RingMembership* ring = nullptr;  ///< none: every service is all of its group
};

struct SiteSettings {
    /// What clients must send as "Authorization: Bearer TOKEN"; empty: everybody may read.
    std::string token;
    /// Whether every client has shown a certificate.
    bool knows_clients = false;
    bool redact = false;       ///< HAB_FEAT_REDACT_HTTP: nothing of configuration and ring
    bool routes_2016 = false;  ///< HAB_FEAT_HTTP_2016: the routes of Habitat's sidecar, too
    std::string boot;          ///< tells this process from the one before
    std::string version;

    /// Token and switches from the environment.
    [[nodiscard]] static SiteSettings from_environment();
};

/// Loop only.
class Site {
public:
    Site(boost::asio::io_context& loop, SiteSettings settings, const Sources& sources);

    /// Where other parts add their routes, before the gateway listens.
    [[nodiscard]] RouteTable& routes() noexcept { return routes_; }
    /// Whether routes must not tell anything of the configuration.
    [[nodiscard]] bool redacts() const noexcept { return settings_.redact; }
    /// Whether this client may see what services print: their users' secrets may be in it. A client
    /// that nothing is known of must be on this machine.
    [[nodiscard]] bool may_read_logs(const Request& request) const;
    /// How many connections there are; for the metrics.
    void count_connections(std::function<std::size_t()> connections) {
        connections_ = std::move(connections);
    }

    [[nodiscard]] Response answer(const Request& request);

private:
    void add_routes();
    void add_service_routes();
    [[nodiscard]] bool is_authorized(const Request& request) const;
    [[nodiscard]] Response checked_answer(const Request& request);
    [[nodiscard]] Response index_page() const;
    [[nodiscard]] Response metrics_page();
    [[nodiscard]] Response log_page(const Request& request, const ServiceSnapshot& service) const;

    SiteSettings settings_;
    Sources sources_;
    SnapshotCache cache_;
    EventFeed feed_;
    Metrics metrics_;
    RouteTable routes_;
    std::function<std::size_t()> connections_;
};

}  // namespace hab::supervisor::http
