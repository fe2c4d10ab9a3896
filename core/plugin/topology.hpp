// SPDX-License-Identifier: Apache-2.0
// A topology plugin, typed. The constants of the fields are those of <hab/abi/topology.h>.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

class Instance;

/// hab_topology_service.
struct TopologyService {
    std::uint32_t flags = 0;
    std::uint32_t process_state = 0;
    std::uint32_t health = 0;
    std::string group = {};
    std::string ident = {};
    std::string update_ident = {};
    std::uint64_t state_since_ms = 0;
    std::uint64_t restart_after_ms = 0;
    std::uint64_t restarts = 0;
    std::uint64_t suitability = 0;
    std::uint64_t pkg_incarnation = 0;
};

/// hab_topology_member.
struct TopologyMember {
    std::string id = {};
    std::uint32_t health = 0;
    std::uint32_t flags = 0;
    std::string address = {};
    std::string ident = {};
    std::uint64_t pkg_incarnation = 0;
};

/// hab_topology_election.
struct TopologyElection {
    std::uint32_t status = 0;
    std::uint64_t term = 0;
    std::string leader = {};
    std::uint64_t leader_value = 0;
};

/// hab_topology_hook.
struct TopologyHook {
    std::string name = {};
    int exit_code = 0;
    bool running = false;
    std::uint64_t runs = 0;
    std::uint64_t ended_ms = 0;
};

/// hab_topology_response.
struct TopologyResponse {
    std::uint64_t id = 0;
    int http_status = 0;
    std::string body = {};
    std::string failure = {};
};

/// hab_topology_input.
struct TopologyInput {
    std::uint64_t now_ms = 0;
    std::string state = {};  ///< TopologyOutput::state of the last step, if it was set
    TopologyService service = {};
    std::vector<TopologyMember> members = {};  ///< sorted by id
    TopologyElection election = {};
    TopologyElection update_election = {};
    std::vector<TopologyHook> hooks = {};
    std::vector<TopologyResponse> responses = {};
    std::uint64_t config_incarnation = 0;
    std::uint64_t fencing_term = 0;
};

struct TopologyAction {
    std::uint32_t action = 0;  ///< HAB_ACTION_START …
    std::string detail = {};
    bool operator==(const TopologyAction&) const = default;
};

struct TopologyElect {
    std::uint32_t which = 0;
    std::uint64_t term = 0;
    std::uint64_t suitability = 0;
    bool operator==(const TopologyElect&) const = default;
};

struct TopologyRequest {
    std::uint64_t id = 0;
    std::string method = {};
    std::string url = {};
    std::string body = {};
    std::uint32_t timeout_ms = 5000;
    bool operator==(const TopologyRequest&) const = default;
};

/// Everything one step decided.
struct TopologyOutput {
    struct Wait {
        std::string reason = {};
        std::uint64_t until_ms = 0;
        bool operator==(const Wait&) const = default;
    };
    struct Role {
        std::uint32_t role = 0;
        std::uint64_t term = 0;
        bool operator==(const Role&) const = default;
    };
    std::vector<TopologyAction> actions = {};
    std::optional<Wait> wait = {};
    std::optional<Role> role = {};
    std::vector<TopologyElect> elections = {};
    std::vector<TopologyRequest> requests = {};
    std::optional<std::string> state = {};
    bool operator==(const TopologyOutput&) const = default;
};

/// Shares its instance when copied. One instance may serve many services: all memory is in `state`.
class Topology {
public:
    explicit Topology(std::shared_ptr<Instance> instance);

    [[nodiscard]] const PluginMeta& meta() const noexcept;
    [[nodiscard]] std::uint32_t min_members() const;
    [[nodiscard]] TopologyOutput step(const TopologyInput& input) const;
    /// JSON text that explains a state; "{}" if the plugin offers none.
    [[nodiscard]] std::string describe(std::string_view state) const;

private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace hab::plugin
