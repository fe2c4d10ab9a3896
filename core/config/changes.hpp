// SPDX-License-Identifier: Apache-2.0
// What differs between two configurations. Only for these: they come as a whole from a file and are
// small. Of all other template data, the one who changes it says what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace hab::config {

/// JSON Pointers (RFC 6901) of what differs, in order of appearance: values that changed, keys that
/// came or went, and tables whose keys only changed their order. Lists are compared as a whole.
/// Empty if the values are equal.
[[nodiscard]] std::vector<std::string> changed_paths(const Value& before, const Value& after);

/// One step of a JSON Pointer with its leading '/': "a/b" -> "/a~1b".
[[nodiscard]] std::string pointer_step(std::string_view key);
/// "/server/port" -> "server.port", for people and events.
[[nodiscard]] std::string dotted(std::string_view pointer);
/// "/a~1b/c" -> {"a/b", "c"}.
[[nodiscard]] std::vector<std::string> pointer_steps(std::string_view pointer);

}  // namespace hab::config
