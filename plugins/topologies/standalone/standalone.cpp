// SPDX-License-Identifier: Apache-2.0
// Topology "standalone": every member runs on its own, as soon as it may.
#include <hab/topology.hpp>

namespace {

using hab::sdk::TopologyInput;
using hab::sdk::TopologyOutput;

class Standalone {
public:
    static constexpr std::uint32_t min_members = 1;

    void step(const TopologyInput& in, TopologyOutput& out) {
        const bool wanted =
            in.service_is(HAB_SERVICE_DESIRED_UP) && !in.service_is(HAB_SERVICE_SHUTTING_DOWN);
        switch (in.service().process_state) {
            case HAB_PROCESS_DOWN:
                if (wanted) down(in, out);
                break;
            case HAB_PROCESS_UP:
                if (wanted) {
                    up(in, out);
                } else {
                    out.act(HAB_ACTION_STOP, in.service_is(HAB_SERVICE_SHUTTING_DOWN)
                                                 ? "the supervisor is shutting down"
                                                 : "the service is to be down");
                }
                break;
            default:
                break;  // stopping: its end is the next input
        }
    }

private:
    static void down(const TopologyInput& in, TopologyOutput& out) {
        const auto& service = in.service();
        if (!in.service_is(HAB_SERVICE_BINDS_READY)) {
            out.wait("Waiting for service binds...");
        } else if (service.restart_after_ms > in.now_ms()) {
            out.wait("Waiting before the next try after a failure", service.restart_after_ms);
        } else if (in.service_is(HAB_SERVICE_UPDATE_PENDING)) {
            out.act(HAB_ACTION_UPDATE, "a newer package is there");
        } else {
            out.act(HAB_ACTION_START, "the service is to be up");
        }
    }

    static void up(const TopologyInput& in, TopologyOutput& out) {
        if (in.service_is(HAB_SERVICE_UPDATE_PENDING)) {
            out.act(HAB_ACTION_UPDATE, "a newer package is there");
        } else if (in.service_is(HAB_SERVICE_CONFIG_CHANGED)) {
            const bool gently = in.service_is(HAB_SERVICE_RECONFIGURABLE);
            out.act(gently ? HAB_ACTION_RECONFIGURE : HAB_ACTION_RESTART,
                    "its configuration changed");
        }
    }
};

}  // namespace

HAB_TOPOLOGY(Standalone, "standalone", "1.0.0", "Every member runs on its own",
             .licence = "Apache-2.0", .thread_model = HAB_THREADS_FREE);
