// SPDX-License-Identifier: Apache-2.0
// Answers to what people ask about one service, for both gateways.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "supervisor/flight_recorder.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// "redis" of "redis", "redis.default@acme", "core/redis" and "core/redis/7.0". Throws Error(usage)
/// for what cannot name a service.
[[nodiscard]] std::string service_in(std::string_view name);

/// The report of why_report(). `chains`: 0 takes the default. Without `full` no values and nothing
/// that services printed is in it. Throws not_found if nothing is known of the service.
[[nodiscard]] Value why_answer(const StateReader& state, FlightRecorder& recorder,
                               std::string_view name, std::size_t chains, bool full);

/// Records without values of the configuration and without output.
[[nodiscard]] std::vector<Value> without_values(std::vector<Value> records);

}  // namespace hab::supervisor
