// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/sidecar.hpp"

#include <fmt/format.h>

#include "config/toml.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/http/ring_json.hpp"
#include "supervisor/template_context.hpp"

namespace hab::supervisor::http {

namespace {

constexpr const char* plain = "text/plain; charset=utf-8";

/// TOML has no null: what is null is left out.
Value without_nulls(const Value& value) {
    if (const Object* const object = value.as_object()) {
        Object out;
        for (const auto& [key, item] : *object) {
            if (!item.is_null()) out.set(key, without_nulls(item));
        }
        return out;
    }
    if (const Array* const array = value.as_array()) {
        Array out;
        for (const Value& item : *array) {
            if (!item.is_null()) out.push_back(without_nulls(item));
        }
        return out;
    }
    return value;
}

/// The data of its templates, without secrets.
std::string config_toml(const ServiceSnapshot& service, const SystemState& system) {
    if (!service.pkg) return {};
    static const std::vector<std::string> no_binds;
    const Value no_config{Object()};
    return config::to_toml(
        without_nulls(template_context({system, *service.pkg, ServiceGroup::parse(service.group),
                                        service.cfg ? *service.cfg : no_config, no_binds})));
}

std::string_view state_word(const ServiceSnapshot& service) {
    switch (service.phase) {
        case ServicePhase::initializing:
        case ServicePhase::starting:
            return "start";
        case ServicePhase::backoff:
            return "restart";
        default:
            return service.process_up() ? "up" : "down";
    }
}

std::string status_line(const ServiceSnapshot& service, const Clock& clock) {
    const auto since = std::chrono::floor<std::chrono::seconds>(
        std::max(clock.wall() - service.state_entered, WallTime::duration::zero()));
    return fmt::format("{}: {} for PT{}S", service.pkg ? service.pkg->ident : service.spec_ident,
                       state_word(service), since.count());
}

/// The answer of the last health check: running one for everybody who asks would let strangers
/// start processes.
Response health(const ServiceSnapshot& service, const SystemState& system, const Clock& clock) {
    if (!service.hooks.contains("health-check")) {
        const bool up = service.process_up();
        return Response::text(
            up ? 200 : 503,
            fmt::format("{} - {}\n{}", up ? "OK" : "CRITICAL", status_line(service, clock),
                        config_toml(service, system)),
            plain);
    }
    unsigned status = 500;
    if (service.health.health == Health::critical) status = 503;
    if (service.health.health == Health::ok || service.health.health == Health::warning)
        status = 200;
    return Response::text(status,
                          fmt::format("{} - {}", to_string(service.health.health),
                                      service.health.health == Health::ok ? "Finished" : "Failed"),
                          plain);
}

Response no_single_service(const SnapshotCache& cache) {
    if (cache.services().empty()) return empty_response(404);
    return Response::text(
        409, "several services are loaded; ?service=NAME says which one is meant\n", plain);
}

using OneService = std::function<Response(const ServiceSnapshot&)>;

Handler for_one(SnapshotCache& cache, OneService handler) {
    return [&cache, handler = std::move(handler)](const Request& request) {
        if (const auto name = query_value(request.query, "service")) {
            const auto service = cache.find(*name);
            return service ? handler(*service) : empty_response(404);
        }
        if (cache.services().size() != 1) return no_single_service(cache);
        return handler(*cache.services().front());
    };
}

Value member_list(const SystemState& system) {
    return Fields()
        .add("my_id", system.member_id)
        .add("members", Fields().add(system.member_id, Fields()
                                                           .add("id", system.member_id)
                                                           .add("hostname", system.hostname)
                                                           .add("ip", system.ip)
                                                           .add("health", "Alive")));
}

Value gossip_json(const SystemState& system) {
    return Fields()
        .add("id", system.member_id)
        .add("member_list", member_list(system))
        .add("rumor_list", Fields().add("rumors", Object()))
        .add("detector", Object())
        .add("file_write_retries", 0);
}

Value census_2016(const ServiceSnapshot& service, const SystemState& system) {
    const Value me = member_json(service, system);
    const Value members =
        me.is_null() ? Value(Object()) : Value(Fields().add(system.member_id, me));
    return Fields()
        .add("id", system.member_id)
        .add("me", me)
        .add("census_list", Fields().add("censuses", Fields().add(service.group, members)))
        .add("local_census", members)
        .add("minimum_quorum", false)
        .add("quorum", true)
        .add("leader", Value());
}

}  // namespace

void add_sidecar_routes(RouteTable& routes, SnapshotCache& cache, const Clock& clock) {
    routes.add("/config", "2016: the data of the templates as TOML",
               for_one(cache, [&cache](const ServiceSnapshot& service) {
                   return Response::text(200, config_toml(service, cache.system()), plain);
               }));
    routes.add("/status", "2016: one line of text",
               for_one(cache, [&clock](const ServiceSnapshot& service) {
                   return Response::text(200, status_line(service, clock), plain);
               }));
    routes.add("/health", "2016: the last health check",
               for_one(cache, [&cache, &clock](const ServiceSnapshot& service) {
                   return health(service, cache.system(), clock);
               }));
    routes.add("/census", "2016: the service's group",
               for_one(cache, [&cache](const ServiceSnapshot& service) {
                   return json_response(census_2016(service, cache.system()));
               }));
    routes.add("/gossip", "2016: members and rumors",
               [&cache](const Request&) { return json_response(gossip_json(cache.system())); });
    routes.add("/election", "2016: elections", [](const Request&) {
        return json_response(Fields().add("elections", Object()).add("mine", Value()));
    });
}

}  // namespace hab::supervisor::http
