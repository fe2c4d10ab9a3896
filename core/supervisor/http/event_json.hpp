// SPDX-License-Identifier: Apache-2.0
// Events as JSON: what /events sends and `hab sup events --json` prints. docs/guide/http-gateway.md
// has the fields of each type.
#pragma once

#include <string>
#include <string_view>

#include "base/value.hpp"
#include "supervisor/events.hpp"

namespace hab::supervisor::http {

/// "service_loaded", "service_unloaded", "command", "phase", "process_started", "process_signalled",
/// "process_exited", "hook_started", "hook_ended", "health", "ready", "input_changed",
/// "config_rendered", "config_refused", "log", "stopping".
[[nodiscard]] std::string_view event_type(const EventBody& body) noexcept;
/// Name of the service that the event is about; empty for those of the supervisor itself.
[[nodiscard]] std::string_view event_service(const EventBody& body) noexcept;
/// {"generation":12,"time":"2026-01-31T12:00:00.123Z","type":"phase","service":"nginx", …fields}.
/// Text that is no UTF-8 has the replacement character in its place. `redacted`: without values of the
/// configuration.
[[nodiscard]] Value event_json(const Event& event, bool redacted = false);

}  // namespace hab::supervisor::http
