// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/ring_json.hpp"

#include "supervisor/http/fields.hpp"
#include "supervisor/template_context.hpp"

namespace hab::supervisor::http {

namespace {

// As templates see them, see template_context.cpp.
constexpr std::int64_t gossip_port = 9638;

Value census_group(const ServiceSnapshot& service, const SystemState& system) {
    Fields population;
    const Value member = member_json(service, system);
    if (!member.is_null()) population.add(system.member_id, member);
    return Fields()
        .add("service_group", service.group)
        .add("election_status", "None")
        .add("update_election_status", "None")
        .add("pkg_incarnation", Value())
        .add("leader_id", Value())
        .add("update_leader_id", Value())
        .add("local_member_id", system.member_id)
        .add("service_config", Value())
        .add("changed_service_files", Array())
        .add("service_files", Object())
        .add("population", population);
}

Value member_entry(const SystemState& system) {
    return Fields()
        .add("id", system.member_id)
        .add("incarnation", 0)
        .add("address", system.ip)
        .add("swim_port", gossip_port)
        .add("gossip_port", gossip_port)
        .add("persistent", false)
        .add("departed", false);
}

Value service_rumor(const ServiceSnapshot& service, const SystemState& system) {
    const Value member = member_json(service, system);
    const Value* const cfg = member.at_path("cfg");
    const Value* const sys = member.at_path("sys");
    return Fields()
        .add("member_id", system.member_id)
        .add("service_group", service.group)
        .add("incarnation", 0)
        .add("initialized", service.initialized)
        .add("pkg", service.pkg ? Value(service.pkg->ident) : Value())
        .add("pkg_incarnation", 0)
        .add("cfg", cfg != nullptr ? *cfg : Value(Object()))
        .add("sys", sys != nullptr ? *sys : Value(Object()));
}

Value rumors(Value list, std::size_t count) {
    return Fields().add("list", std::move(list)).add("update_counter", integer(count));
}

}  // namespace

Value member_json(const ServiceSnapshot& service, const SystemState& system) {
    if (!service.pkg) return {};
    static const std::vector<std::string> no_binds;
    static const Value no_config{Object()};
    const Value context =
        template_context({system, *service.pkg, ServiceGroup::parse(service.group),
                          service.cfg ? *service.cfg : no_config, no_binds});
    const Value* const me = context.at_path("svc.me");
    return me != nullptr ? *me : Value();
}

Value census_json(const ServiceList& services, const SystemState& system) {
    Object groups;
    for (const auto& service : services)
        groups.set(service->group, census_group(*service, system));
    Fields out;
    out.add("changed", false).add("local_member_id", system.member_id);
    for (const char* rumor : {"service", "election", "election_update", "membership",
                              "service_config", "service_file"}) {
        out.add(std::string("last_") + rumor + "_counter", 0);
    }
    out.add("census_groups", std::move(groups));
    return out;
}

Value butterfly_json(const ServiceList& services, const SystemState& system) {
    Object by_group;
    Array flat;
    for (const auto& service : services) {
        Value rumor = service_rumor(*service, system);
        flat.push_back(rumor);
        by_group.set(service->group, Fields().add(system.member_id, std::move(rumor)));
    }
    const Value member = member_entry(system);
    Object with_health = *member.as_object();
    with_health.set("health", "Alive");
    Fields out;
    out.add("member", Fields()
                          .add("members", Fields().add(system.member_id, member))
                          .add("health", Fields().add(system.member_id, "Alive"))
                          .add("update_counter", 1));
    out.add("membership", Fields().add(system.member_id, std::move(with_health)));
    out.add("service", rumors(std::move(by_group), services.size()));
    for (const char* kind :
         {"service_config", "service_file", "election", "election_update", "departure"}) {
        out.add(kind, rumors(Object(), 0));
    }
    out.add("services", std::move(flat));
    for (const char* list : {"latest_service_config", "service_files", "latest_election",
                             "latest_election_update", "departed_members"}) {
        out.add(list, Array());
    }
    return out;
}

}  // namespace hab::supervisor::http
