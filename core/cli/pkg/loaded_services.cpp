// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/loaded_services.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/svc/session.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {

std::vector<package::Ident> loaded_services(const Paths& paths) {
    if (!supervisor::running_launcher(paths)) return {};
    std::vector<package::Ident> loaded;
    try {
        connect_local_supervisor(paths).request(
            control::SvcStatus{}, [&](const control::Frame& frame) {
                if (frame.message_id == control::ServiceStatus::id)
                    loaded.push_back(control::from_wire<control::ServiceStatus>(frame.body).ident);
            });
    } catch (const Error& error) {
        throw Error(ErrorCode::conflict,
                    fmt::format("cannot tell which packages the running Supervisor uses: {}",
                                error.message()),
                    "try again when it answers 'hab svc status'");
    }
    return loaded;
}

}  // namespace hab::cli
