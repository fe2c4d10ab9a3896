// SPDX-License-Identifier: Apache-2.0
#include "package/printable.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::size_t max_shown = 300;
constexpr unsigned char first_printable = 0x20;
constexpr unsigned char delete_character = 0x7f;
constexpr unsigned char c1_lead = 0xc2;
constexpr unsigned char c1_end = 0xa0;

}  // namespace

std::string printable(std::string_view name) {
    const bool text = is_utf8(name);
    std::string shown;
    bool in_c1 = false;
    for (std::size_t i = 0; i < name.size() && shown.size() < max_shown; ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        // The control characters from 0x80 to 0x9f are two bytes in UTF-8: both are escaped.
        const bool second_of_c1 = std::exchange(in_c1, false);
        in_c1 = byte == c1_lead && i + 1 < name.size() &&
                static_cast<unsigned char>(name[i + 1]) < c1_end;
        const bool plain = byte >= first_printable && byte != delete_character && !in_c1 &&
                           !second_of_c1 && (text || byte < delete_character);
        shown += plain ? std::string(1, name[i]) : fmt::format("\\x{:02x}", byte);
    }
    return shown.size() < max_shown ? shown : shown + "...";
}

}  // namespace hab::package
