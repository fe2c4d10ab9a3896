// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_state.hpp"

#include <fmt/format.h>
#include <string.h>

namespace hab::supervisor {

std::string_view to_string(ServicePhase phase) noexcept {
    switch (phase) {
        case ServicePhase::down:
            return "down";
        case ServicePhase::backoff:
            return "backoff";
        case ServicePhase::initializing:
            return "initializing";
        case ServicePhase::starting:
            return "starting";
        case ServicePhase::up:
            return "up";
        case ServicePhase::draining:
            return "draining";
        case ServicePhase::stopping:
            return "stopping";
        case ServicePhase::post_stop:
            return "post-stop";
        case ServicePhase::finished:
            return "finished";
        case ServicePhase::failed:
            return "failed";
    }
    return "";
}

std::string_view to_string(Health health) noexcept {
    switch (health) {
        case Health::ok:
            return "OK";
        case Health::warning:
            return "WARNING";
        case Health::critical:
            return "CRITICAL";
        case Health::unknown:
            return "UNKNOWN";
    }
    return "";
}

std::string ExitStatus::text() const {
    if (signal == 0) return fmt::format("exited with code {}", code);
    const char* name = ::sigabbrev_np(signal);
    return name != nullptr ? fmt::format("was terminated by signal {} (SIG{})", signal, name)
                           : fmt::format("was terminated by signal {}", signal);
}

}  // namespace hab::supervisor
