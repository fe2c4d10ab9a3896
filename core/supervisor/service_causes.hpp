// SPDX-License-Identifier: Apache-2.0
// What the next event of one service follows from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "supervisor/hooks.hpp"

namespace hab::supervisor {

/// Generations of the latest events of each kind; 0: there was none. A later event has the greater
/// generation, so "whichever came last" is the maximum.
struct Causes {
    std::uint64_t asked = 0;     ///< what the operator wanted, or that the service was loaded
    std::uint64_t input = 0;     ///< a change of the configuration
    std::uint64_t rendered = 0;  ///< files were written
    std::uint64_t phase = 0;     ///< a change of phase
    std::uint64_t signalled = 0;
    /// What the state machine is just told of, or what it is told to do follows from.
    std::uint64_t fact = 0;
    std::map<Hook, std::uint64_t> hooks;  ///< their starts, while they run

    /// Why files are rendered.
    [[nodiscard]] std::uint64_t of_rendering() const noexcept { return std::max(input, asked); }
    /// Why a service that is down is started.
    [[nodiscard]] std::uint64_t of_start() const noexcept { return std::max(phase, asked); }
    /// Why a hook is run; 0 for those that run by the clock.
    [[nodiscard]] std::uint64_t of_hook(Hook hook) const noexcept {
        switch (hook) {
            case Hook::health_check:
            case Hook::ready:
                return 0;
            case Hook::config_check:
                return of_rendering();
            case Hook::reconfigure:
                return std::max(rendered, input);
            default:
                return std::max(phase, fact);
        }
    }
};

}  // namespace hab::supervisor
