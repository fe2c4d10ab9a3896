// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "build/channel.hpp"
#include "build/interrupts.hpp"
#include "build/place.hpp"

namespace hab::build {

struct SessionHandlers {
    std::function<Reply(const Request&)> on_request;
    std::function<void(std::string_view)> on_output;
};

/// Runs the runtime in the place once, answering its requests and passing on its output, until it
/// has ended. Returns its exit code. After an interrupt everything inside is stopped and
/// Error(cancelled) thrown.
int run_session(Place& place, const sandbox::Environment& env, const SessionHandlers& handlers,
                Interrupts& interrupts);

}  // namespace hab::build
