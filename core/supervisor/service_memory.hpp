// SPDX-License-Identifier: Apache-2.0
// What a supervisor leaves to its successor about one service, in the launcher's keeping.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "supervisor/backoff.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

struct ServiceMemory {
    bool started = false;   ///< it had a process before
    bool starting = false;  ///< a process has been asked for; nobody has counted it yet
    std::uint64_t restarts = 0;
    BackoffState backoff;   ///< a service that crash-loops does not start over with its supervisor
    bool ready = false;     ///< of the process that runs
    bool finished = false;  ///< a run-once service that has done its work
    /// Then: when it is due again. Monotonic, which all supervisors of one launcher share, so that
    /// a clock that is set does not move it.
    std::optional<SteadyTime> next_run;
    std::optional<LastProcess> last_process;
    /// Files that changed, or may have, without the process having been told.
    bool config_changed = false;
    bool start_hooks_changed = false;
    bool post_stop_due = false;  ///< the process has ended, its post-stop hook has not
};

/// One line of JSON.
[[nodiscard]] std::string to_text(const ServiceMemory& memory);
/// An empty memory for a text that is empty or not one of ours (another version wrote it).
[[nodiscard]] ServiceMemory memory_from_text(std::string_view text);

}  // namespace hab::supervisor
