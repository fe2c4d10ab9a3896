// SPDX-License-Identifier: Apache-2.0
#include "plugin/topology_abi.hpp"

#include <new>

#include "plugin/host.hpp"

namespace hab::plugin {
namespace {

constexpr std::size_t most_decisions = 1000;
constexpr std::size_t longest_state = 64u << 10;
constexpr std::uint32_t default_timeout_ms = 5000;

hab_topology_service to_raw(const TopologyService& service) {
    return {.struct_size = sizeof(hab_topology_service),
            .flags = service.flags,
            .process_state = service.process_state,
            .health = service.health,
            .group = to_abi(service.group),
            .ident = to_abi(service.ident),
            .update_ident = to_abi(service.update_ident),
            .state_since_ms = service.state_since_ms,
            .restart_after_ms = service.restart_after_ms,
            .restarts = service.restarts,
            .suitability = service.suitability,
            .pkg_incarnation = service.pkg_incarnation};
}

hab_topology_election to_raw(const TopologyElection& election) {
    return {.struct_size = sizeof(hab_topology_election),
            .status = election.status,
            .term = election.term,
            .leader = to_abi(election.leader),
            .leader_value = election.leader_value};
}

hab_topology_member to_raw(const TopologyMember& member) {
    return {.struct_size = sizeof(hab_topology_member),
            .health = member.health,
            .flags = member.flags,
            .id = to_abi(member.id),
            .address = to_abi(member.address),
            .ident = to_abi(member.ident),
            .pkg_incarnation = member.pkg_incarnation};
}

hab_topology_hook to_raw(const TopologyHook& hook) {
    return {.struct_size = sizeof(hab_topology_hook),
            .exit_code = hook.exit_code,
            .running = hook.running ? 1u : 0u,
            .name = to_abi(hook.name),
            .runs = hook.runs,
            .ended_ms = hook.ended_ms};
}

hab_topology_response to_raw(const TopologyResponse& response) {
    return {.struct_size = sizeof(hab_topology_response),
            .http_status = response.http_status,
            .id = response.id,
            .body = to_abi(response.body),
            .failure = to_abi(response.failure)};
}

/// Structs and the pointers to them: the ABI's lists may grow member by member.
template <class Raw, class From>
void fill(std::vector<Raw>& items, std::vector<const Raw*>& pointers,
          const std::vector<From>& from) {
    items.reserve(from.size());
    for (const auto& one : from)
        items.push_back(to_raw(one));
    for (const auto& item : items)
        pointers.push_back(&item);
}

/// Runs one of the output's functions behind the host's edge.
template <class Fn>
hab_status decide(void* ctx, Fn&& fn) noexcept {
    auto& out = *static_cast<TopologyOutput*>(ctx);
    if (out.actions.size() + out.elections.size() + out.requests.size() >= most_decisions) {
        return HAB_STATUS_FAILED;
    }
    try {
        return fn(out);
    } catch (const std::bad_alloc&) {
        return HAB_STATUS_FAILED;
    }
}

hab_status act(void* ctx, std::uint32_t action, hab_str detail) noexcept {
    if (action < HAB_ACTION_INIT || action > HAB_ACTION_HOOK) return HAB_STATUS_UNSUPPORTED;
    return decide(ctx, [&](TopologyOutput& out) {
        out.actions.push_back({action, std::string(from_abi(detail))});
        return HAB_STATUS_OK;
    });
}

hab_status wait(void* ctx, hab_str reason, std::uint64_t until_ms) noexcept {
    return decide(ctx, [&](TopologyOutput& out) {
        out.wait = TopologyOutput::Wait{std::string(from_abi(reason)), until_ms};
        return HAB_STATUS_OK;
    });
}

hab_status set_role(void* ctx, std::uint32_t role, std::uint64_t term) noexcept {
    if (role > HAB_ROLE_FOLLOWER) return HAB_STATUS_UNSUPPORTED;
    return decide(ctx, [&](TopologyOutput& out) {
        out.role = TopologyOutput::Role{role, term};
        return HAB_STATUS_OK;
    });
}

hab_status elect(void* ctx, std::uint32_t which, std::uint64_t term,
                 std::uint64_t suitability) noexcept {
    if (which != HAB_ELECTION_LEADER && which != HAB_ELECTION_UPDATE) return HAB_STATUS_UNSUPPORTED;
    return decide(ctx, [&](TopologyOutput& out) {
        out.elections.push_back({which, term, suitability});
        return HAB_STATUS_OK;
    });
}

hab_status request(void* ctx, const hab_topology_request* raw) noexcept {
    if (raw == nullptr || from_abi(raw->url).empty()) return HAB_STATUS_USAGE;
    return decide(ctx, [&](TopologyOutput& out) {
        out.requests.push_back({raw->id, std::string(from_abi(raw->method)),
                                std::string(from_abi(raw->url)), std::string(from_abi(raw->body)),
                                raw->timeout_ms == 0 ? default_timeout_ms : raw->timeout_ms});
        return HAB_STATUS_OK;
    });
}

hab_status set_state(void* ctx, hab_str state) noexcept {
    if (state.len > longest_state) return HAB_STATUS_USAGE;
    return decide(ctx, [&](TopologyOutput& out) {
        out.state = std::string(from_abi(state));
        return HAB_STATUS_OK;
    });
}

}  // namespace

RawTopologyInput::RawTopologyInput(const TopologyInput& input)
    : service_(to_raw(input.service)),
      election_(to_raw(input.election)),
      update_election_(to_raw(input.update_election)) {
    fill(members_, member_pointers_, input.members);
    fill(hooks_, hook_pointers_, input.hooks);
    fill(responses_, response_pointers_, input.responses);
    raw_ = {.struct_size = sizeof(hab_topology_input),
            .member_count = static_cast<std::uint32_t>(members_.size()),
            .now_ms = input.now_ms,
            .state = to_abi(input.state),
            .service = &service_,
            .members = member_pointers_.data(),
            .election = &election_,
            .update_election = &update_election_,
            .hooks = hook_pointers_.data(),
            .hook_count = hooks_.size(),
            .responses = response_pointers_.data(),
            .response_count = responses_.size(),
            .config_incarnation = input.config_incarnation,
            .fencing_term = input.fencing_term};
}

RawTopologyOutput::RawTopologyOutput(TopologyOutput& output)
    : raw_{.struct_size = sizeof(hab_topology_output),
           .ctx = &output,
           .act = &act,
           .wait = &wait,
           .set_role = &set_role,
           .elect = &elect,
           .request = &request,
           .set_state = &set_state} {}

}  // namespace hab::plugin
