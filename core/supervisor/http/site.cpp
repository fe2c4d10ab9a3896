// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/env_flag.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "config/origins.hpp"
#include "supervisor/gateway_secret.hpp"
#include "supervisor/http/conditional.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/http/log_tail.hpp"
#include "supervisor/http/ring_json.hpp"
#include "supervisor/http/ring_metrics.hpp"
#include "supervisor/http/sidecar.hpp"
#include "supervisor/ring/ring_membership.hpp"
#include "supervisor/ui/status_page.hpp"

namespace hab::supervisor::http {

namespace {

constexpr std::uint64_t usual_log_lines = 100;
constexpr std::uint64_t most_log_lines = 1000;

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

bool is_loopback(std::string_view address) {
    return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

/// "localhost", "127.0.0.1:9631", "[::1]:9631".
bool names_this_machine(std::string_view host) {
    if (host.starts_with('[')) return is_loopback(host.substr(1, host.find(']') - 1));
    host = host.substr(0, host.find(':'));
    return host == "localhost" || is_loopback(host);
}

/// A loopback address alone does not tell: a proxy here may speak for the whole world, and a page of
/// that world, in a browser here, may have its own name lead to us.
bool is_from_this_machine(const Request& request) {
    if (request.peer.empty()) return true;
    if (!is_loopback(request.peer)) return false;
    for (const char* const relayed : {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"}) {
        if (!net::find_header(request.headers, relayed).empty()) return false;
    }
    return names_this_machine(net::find_header(request.headers, "Host"));
}

Response shared(const SharedText& text, unsigned status = 200) {
    Response response;
    response.status = status;
    response.body = text.body;
    if (status == 200) response.headers.emplace_back("ETag", text.etag);
    return response;
}

Response never_stored(Response response) {
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response refused(unsigned status, std::string sentence) {
    return Response::text(status, std::move(sentence) + "\n", "text/plain; charset=utf-8");
}

std::string escaped_html(std::string_view text) {
    return replace_all(replace_all(text, "&", "&amp;"), "<", "&lt;");
}

Value origins_json(const Value& cfg) {
    Array list;
    for (const auto& row : config::origin_rows(cfg, {})) {
        list.push_back(Fields()
                           .add("path", row.path)
                           .add("value", row.value)
                           .add("origin", text_or_null(row.origin)));
    }
    return list;
}

}  // namespace

SiteSettings SiteSettings::from_environment() {
    SiteSettings settings;
    if (const char* const token = std::getenv("HAB_SUP_GATEWAY_AUTH_TOKEN")) settings.token = token;
    settings.redact = says_true("HAB_FEAT_REDACT_HTTP");
    settings.routes_2016 = says_true("HAB_FEAT_HTTP_2016");
    return settings;
}

Site::Site(boost::asio::io_context& loop, SiteSettings settings, const Sources& sources)
    : settings_(std::move(settings)),
      sources_(sources),
      cache_(sources.state, sources.events, sources.clock, settings_.redact),
      feed_(loop, sources.events,
            {.boot = settings_.boot, .version = settings_.version, .redact = settings_.redact}),
      metrics_(sources.events, sources.clock),
      routes_([this](std::string_view name) { return cache_.find(name); }) {
    add_routes();
    add_service_routes();
}

void Site::add_routes() {
    // Before the others: where names are the same, the switch asks for those of 2016.
    if (settings_.routes_2016 && !settings_.redact)
        add_sidecar_routes(routes_, cache_, sources_.clock);
    routes_.add("/", "", [this](const Request&) { return index_page(); });
    routes_.add("/ui", "the same for people, live", [](const Request&) { return status_page(); });
    routes_.add("/services", "all loaded services",
                [this](const Request&) { return shared(cache_.all_services()); });
    routes_.add("/metrics", "figures for Prometheus",
                [this](const Request&) { return metrics_page(); });
    routes_.add("/events", "what happens, as server-sent events", [this](const Request& request) {
        if (query_value(request.query, "log").has_value() && !may_read_logs(request))
            return refused(403, "lines of logs are not for this client");
        return feed_.answer(request);
    });
    if (settings_.redact) return;
    routes_.add("/census", "groups of services and their members", [this](const Request&) {
        return shared(cache_.text("census", [this](const SnapshotCache& cache) {
            return to_json(census_json(cache.services(), cache.system(), sources_.ring));
        }));
    });
    routes_.add("/butterfly", "what gossip carries", [this](const Request&) {
        return shared(cache_.text("butterfly", [this](const SnapshotCache& cache) {
            return to_json(butterfly_json(cache.services(), cache.system(), sources_.ring));
        }));
    });
    if (sources_.ring == nullptr) return;
    routes_.add("/ring", "members, groups and leaders, as `hab ring status` shows them",
                [this](const Request&) {
                    return shared(cache_.text("ring", [this](const SnapshotCache&) {
                        return sources_.ring->status_json();
                    }));
                });
}

void Site::add_service_routes() {
    using Part = SnapshotCache::Part;
    routes_.add_service("", "one service", [this](const Request&, const ServiceSnapshot& service) {
        return shared(cache_.text(service.name, Part::service));
    });
    routes_.add_service("health", "its health: 200 OK or WARNING, 503 CRITICAL, 500 UNKNOWN",
                        [this](const Request&, const ServiceSnapshot& service) {
                            return shared(cache_.text(service.name, Part::health),
                                          http_status(service.health.health));
                        });
    routes_.add_service("log", "the end of its log, ?lines=N",
                        [this](const Request& request, const ServiceSnapshot& service) {
                            return log_page(request, service);
                        });
    if (settings_.redact) return;
    routes_.add_service("config", "its merged configuration",
                        [this](const Request&, const ServiceSnapshot& service) {
                            return shared(cache_.text(service.name, Part::config));
                        });
    routes_.add_service(
        "config/origins", "the same, with the place where each value is written",
        [](const Request&, const ServiceSnapshot& service) {
            return json_response(service.cfg ? origins_json(*service.cfg) : Value(Array()));
        });
}

bool Site::is_authorized(const Request& request) const {
    constexpr std::string_view scheme = "Bearer ";
    if (settings_.token.empty()) return true;
    const std::string_view header = net::find_header(request.headers, "Authorization");
    return header.starts_with(scheme) && same_secret(header.substr(scheme.size()), settings_.token);
}

bool Site::may_read_logs(const Request& request) const {
    return !settings_.token.empty() || settings_.knows_clients || is_from_this_machine(request);
}

Response Site::answer(const Request& request) {
    const SteadyTime begun = sources_.clock.now();
    Response response = checked_answer(request);
    metrics_.answered(routes_.pattern(request.path), response.status, sources_.clock.now() - begun);
    return response;
}

Response Site::checked_answer(const Request& request) {
    if (!is_status_page(request.path) && !is_authorized(request)) {
        Response response = empty_response(401);
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    cache_.refresh();
    Response response = routes_.answer(request);
    response.headers.emplace_back("X-Hab-Generation", fmt::format("{}", cache_.generation()));
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return conditional(request, std::move(response));
}

Response Site::index_page() const {
    std::string page =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>hab "
        "supervisor</title></head><body>\n<h1>hab supervisor</h1>\n<dl>\n";
    for (const auto& [path, about] : routes_.index()) {
        const std::string name = escaped_html(path);
        const bool is_link = path.find('{') == std::string::npos;
        page += fmt::format("<dt>{}</dt><dd>{}</dd>\n",
                            is_link ? fmt::format("<a href=\"{0}\">{0}</a>", name) : name,
                            escaped_html(about));
    }
    page += "</dl></body></html>\n";
    return Response::text(200, std::move(page), "text/html; charset=utf-8");
}

Response Site::metrics_page() {
    std::string text = metrics_.text(
        {cache_.services(), settings_.version, connections_ ? connections_() : 0, feed_.readers()});
    if (sources_.ring != nullptr) text += ring_metrics(*sources_.ring);
    return never_stored(
        Response::text(200, std::move(text), "text/plain; version=0.0.4; charset=utf-8"));
}

Response Site::log_page(const Request& request, const ServiceSnapshot& service) const {
    if (!may_read_logs(request)) return refused(403, "logs are not for this client");
    std::uint64_t lines = usual_log_lines;
    if (const auto text = query_value(request.query, "lines")) {
        const auto wanted = parse_u64(*text);
        if (!wanted || *wanted == 0 || *wanted > most_log_lines) {
            return refused(400, fmt::format("lines is a number from 1 to {}", most_log_lines));
        }
        lines = *wanted;
    }
    Array list;
    for (const auto& line :
         log_tail(sources_.paths.svc(service.name) / "logs" / "service.log", lines)) {
        list.push_back(Fields().add("time", line.time).add("key", line.key).add("text", line.text));
    }
    return never_stored(json_response(Fields().add("lines", std::move(list))));
}

}  // namespace hab::supervisor::http
