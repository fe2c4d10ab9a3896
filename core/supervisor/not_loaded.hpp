// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hab::supervisor {

/// not_found: "Service not loaded, WANTED". Its hint is the loaded service that is written most like
/// it, or where to look. `loaded`: ORIGIN/SERVICE of each.
[[nodiscard]] Error not_loaded(std::string_view wanted, std::span<const std::string> loaded);

}  // namespace hab::supervisor
