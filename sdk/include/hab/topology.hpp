// SPDX-License-Identifier: Apache-2.0
//
// Writing a topology:
//
//   class Alone {
//   public:
//       static constexpr std::uint32_t min_members = 1;              // optional, default 1
//       void step(const TopologyInput& in, TopologyOutput& out);     // mandatory, pure
//       std::string describe(std::string_view state);                // optional: JSON
//   };
//   HAB_TOPOLOGY(Alone, "alone", "1.0.0", "…", .thread_model = HAB_THREADS_FREE);
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plugin.hpp"

namespace hab::sdk {

/// What a step may look at: the C structs with text and lists as C++ views. Valid during the call.
class TopologyInput {
public:
    explicit TopologyInput(const hab_topology_input* raw) noexcept : raw_(raw) {}

    [[nodiscard]] std::uint64_t now_ms() const noexcept { return raw_->now_ms; }
    /// What the last step wrote; empty at first.
    [[nodiscard]] std::string_view state() const noexcept { return from_abi(raw_->state); }
    [[nodiscard]] const hab_topology_service& service() const noexcept { return *raw_->service; }
    /// Whether all of the given HAB_SERVICE_ flags are set.
    [[nodiscard]] bool service_is(std::uint32_t flags) const noexcept {
        return (raw_->service->flags & flags) == flags;
    }
    /// Members of the group, me included, sorted by id.
    [[nodiscard]] std::span<const hab_topology_member* const> members() const noexcept {
        return {raw_->members, raw_->member_count};
    }
    [[nodiscard]] const hab_topology_election& election() const noexcept { return *raw_->election; }
    [[nodiscard]] const hab_topology_election& update_election() const noexcept {
        return *raw_->update_election;
    }
    /// The last run of a hook; NULL if it never ran.
    [[nodiscard]] const hab_topology_hook* hook(std::string_view name) const noexcept {
        for (std::size_t i = 0; i < raw_->hook_count; ++i) {
            if (from_abi(raw_->hooks[i]->name) == name) return raw_->hooks[i];
        }
        return nullptr;
    }
    [[nodiscard]] std::span<const hab_topology_response* const> responses() const noexcept {
        return {raw_->responses, raw_->response_count};
    }
    [[nodiscard]] std::uint64_t config_incarnation() const noexcept {
        return raw_->config_incarnation;
    }
    [[nodiscard]] std::uint64_t fencing_term() const noexcept { return raw_->fencing_term; }

    /// The C struct.
    [[nodiscard]] const hab_topology_input& abi() const noexcept { return *raw_; }

private:
    const hab_topology_input* raw_;
};

/// Where a step's decisions go.
class TopologyOutput {
public:
    explicit TopologyOutput(const hab_topology_output* raw) noexcept : raw_(raw) {}

    /// HAB_ACTION_START …, with the reason (the hook's name for HAB_ACTION_HOOK).
    void act(std::uint32_t action, std::string_view detail) const {
        check(raw_->act(raw_->ctx, action, to_abi(detail)));
    }
    /// Nothing to do now; step again at until_ms at the latest (0 = when something changes).
    void wait(std::string_view reason, std::uint64_t until_ms = 0) const {
        check(raw_->wait(raw_->ctx, to_abi(reason), until_ms));
    }
    /// HAB_ROLE_LEADER …, held under a term.
    void set_role(std::uint32_t role, std::uint64_t term) const {
        check(raw_->set_role(raw_->ctx, role, term));
    }
    /// Begins an election: HAB_ELECTION_LEADER or HAB_ELECTION_UPDATE.
    void elect(std::uint32_t which, std::uint64_t term, std::uint64_t suitability) const {
        check(raw_->elect(raw_->ctx, which, term, suitability));
    }
    /// Asks for an HTTP request; the answer comes with a later step.
    void request(std::uint64_t id, std::string_view method, std::string_view url,
                 std::string_view body = {}, std::uint32_t timeout_ms = 0) const {
        const hab_topology_request request{.struct_size = sizeof(hab_topology_request),
                                           .timeout_ms = timeout_ms,
                                           .id = id,
                                           .method = to_abi(method),
                                           .url = to_abi(url),
                                           .body = to_abi(body)};
        check(raw_->request(raw_->ctx, &request));
    }
    /// The state for the next step.
    void set_state(std::string_view state) const {
        check(raw_->set_state(raw_->ctx, to_abi(state)));
    }

private:
    static void check(hab_status status) {
        if (status != HAB_STATUS_OK) raise(status, "the supervisor refused a topology's decision");
    }
    const hab_topology_output* raw_;
};

template <class Plugin>
concept HasTopologyStep =
    requires(Plugin plugin, const TopologyInput& in, TopologyOutput& out) { plugin.step(in, out); };
template <class Plugin>
concept HasTopologyDescribe = requires(Plugin plugin, std::string_view state) {
    { plugin.describe(state) } -> std::convertible_to<std::string>;
};

namespace detail {

/// The topology table of a class.
template <class Plugin>
struct TopologyGlue {
    static_assert(CreatablePlugin<Plugin>,
                  "a topology needs a constructor (hab::sdk::Host, const hab::sdk::Options&), "
                  "(hab::sdk::Host) or ()");
    static_assert(HasTopologyStep<Plugin>,
                  "a topology needs `void step(const hab::sdk::TopologyInput&, "
                  "hab::sdk::TopologyOutput&)`");

    static std::uint32_t min_members(void*) noexcept {
        if constexpr (requires { Plugin::min_members; }) {
            return Plugin::min_members;
        } else {
            return 1;
        }
    }
    static hab_status step(void* self, const hab_topology_input* input,
                           const hab_topology_output* output, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            TopologyOutput out(output);
            plugin.step(TopologyInput(input), out);
        });
    }
    static hab_status describe(void* self, hab_str state, hab_sink json,
                               hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            if constexpr (HasTopologyDescribe<Plugin>) {
                const std::string text = plugin.describe(from_abi(state));
                Sink(json).write(text);
            }
        });
    }

    static constexpr hab_topology_api api{
        .struct_size = sizeof(hab_topology_api),
        .min_members = &min_members,
        .step = &step,
        .describe = HasTopologyDescribe<Plugin> ? &describe : nullptr};
};

}  // namespace detail
}  // namespace hab::sdk

/// HAB_TOPOLOGY(Class, "id", "version", "summary" [, .field = value …]): makes the class a plugin.
#define HAB_TOPOLOGY(CLASS, ID, VERSION, SUMMARY, ...)                                       \
    HAB_DETAIL_PLUGIN(HAB_KIND_TOPOLOGY, ::hab::sdk::detail::TopologyGlue<CLASS>, CLASS,     \
                      HAB_DETAIL_JOIN(topology_, __COUNTER__), .id = ID, .version = VERSION, \
                      .summary = SUMMARY __VA_OPT__(, ) __VA_ARGS__)
