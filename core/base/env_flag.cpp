// SPDX-License-Identifier: Apache-2.0
#include "base/env_flag.hpp"

#include <cstdlib>
#include <string_view>

namespace hab {

bool says_true(const char* name) noexcept {
    const char* value = std::getenv(name);
    const std::string_view text = value == nullptr ? "" : value;
    return !text.empty() && text != "0" && text != "false";
}

}  // namespace hab
