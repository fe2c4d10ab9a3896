// SPDX-License-Identifier: Apache-2.0
// What every rumor begins with. Only the files of codec/ include it.
#pragma once

#include "ring/codec/parts.hpp"

namespace hab::ring::codec {

struct Envelope {
    RumorKind kind = RumorKind::member;
    std::string_view from;
    std::string_view payload;
};

/// Kind, sender and payload; refuses unless the payload belongs to the kind.
[[nodiscard]] Refusal read_envelope(std::string_view bytes, Envelope& out) noexcept;

}  // namespace hab::ring::codec
