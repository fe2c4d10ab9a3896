// SPDX-License-Identifier: Apache-2.0
// One record of the flight recorder in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab::supervisor {

/// Fields of a record; a record comes from a file, so each may be missing or of another type: then
/// they are empty, 0 or false.
[[nodiscard]] std::string record_text(const Value& record, std::string_view field);
[[nodiscard]] std::int64_t record_number(const Value& record, std::string_view field);
[[nodiscard]] bool record_flag(const Value& record, std::string_view field);

/// What happened: "process 12 exited with code 3".
[[nodiscard]] std::string record_sentence(const Value& record);
/// The same as a reason, for titles: "process 12 exited with code 3", "its configuration changed".
[[nodiscard]] std::string record_reason(const Value& record);

}  // namespace hab::supervisor
