// SPDX-License-Identifier: Apache-2.0
#include "package/archive/refusal.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "package/printable.hpp"

namespace hab::package {

void refuse_member(std::string_view what, std::string_view name, std::string_view why) {
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("'{}' was not unpacked: its member '{}' {}", what, printable(name), why),
        "the package is malformed or made to do harm: do not use it, and tell its origin");
}

void refuse_content(std::string_view what, std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the content of '{}' cannot be unpacked: {}", what, why),
                "the file is damaged: fetch or build it again");
}

}  // namespace hab::package
