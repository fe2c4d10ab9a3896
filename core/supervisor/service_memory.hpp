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
    bool started = false;  ///< it had a process before
    std::uint64_t restarts = 0;
    BackoffState backoff;   ///< a service that crash-loops does not start over with its supervisor
    bool ready = false;     ///< of the process that runs
    bool finished = false;  ///< a run-once service that has done its work
    std::optional<WallTime> next_run;  ///< then: when it is due again
    std::optional<LastProcess> last_process;
};

/// One line of JSON.
[[nodiscard]] std::string to_text(const ServiceMemory& memory);
/// An empty memory for a text that is empty or not one of ours (another version wrote it).
[[nodiscard]] ServiceMemory memory_from_text(std::string_view text);

}  // namespace hab::supervisor
