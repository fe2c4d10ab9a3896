// SPDX-License-Identifier: Apache-2.0
#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

/// Where the part that begins at `from` ends; `from` itself if it is empty.
std::size_t part_end(std::string_view text, std::size_t from) noexcept {
    const std::size_t end = text.find_first_of("#@.", from);
    return end == std::string_view::npos ? text.size() : end;
}

}  // namespace

std::string_view checked_group(std::string_view text) noexcept {
    // The old prefix is anything without '#' and '@' ("app.env").
    const std::size_t hash = text.find('#');
    if (hash != std::string_view::npos) {
        if (hash == 0 || text.substr(0, hash).find('@') != std::string_view::npos) return {};
        text.remove_prefix(hash + 1);
    }
    const std::size_t dot = part_end(text, 0);
    if (dot == 0 || dot == text.size() || text[dot] != '.') return {};
    const std::size_t at = part_end(text, dot + 1);
    if (at == dot + 1) return {};
    if (at == text.size()) return text;
    if (text[at] != '@') return {};
    const std::size_t end = part_end(text, at + 1);
    return end == at + 1 || end != text.size() ? std::string_view{} : text;
}

}  // namespace hab::ring
