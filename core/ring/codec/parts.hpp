// SPDX-License-Identifier: Apache-2.0
// Pieces that several messages share. Only the files of codec/ include it.
#pragma once

#include <protozero/pbf_writer.hpp>

#include "ring/codec/codec.hpp"
#include "ring/codec/reader.hpp"

namespace hab::ring::codec {

// The subset of a message's fields that were seen, by number (below 64).
class Seen {
public:
    /// Whether this is the first time.
    bool add(std::uint32_t field) noexcept {
        const std::uint64_t bit = std::uint64_t{1} << field;
        const bool first = (fields_ & bit) == 0;
        fields_ |= bit;
        return first;
    }
    [[nodiscard]] bool has(std::uint32_t field) const noexcept {
        return (fields_ >> field & 1) != 0;
    }

private:
    std::uint64_t fields_ = 0;
};

[[nodiscard]] Refusal read_member(std::string_view bytes, Member& out) noexcept;
/// Of ours in the payload of a service rumor; stock nodes skip it and pass it on.
inline constexpr std::uint32_t gone_field = 1000;

/// A text field with a member id.
[[nodiscard]] MemberId read_id(Reader& reader) noexcept;
/// A text field with a service group.
[[nodiscard]] std::string_view read_group(Reader& reader) noexcept;

/// The field of a Rumor that its kind's payload is in; 0 for a kind that is not accepted.
[[nodiscard]] std::uint32_t payload_field(std::uint32_t kind) noexcept;

void write_member(protozero::pbf_writer& out, std::uint32_t field, const Member& member);
void write_membership(protozero::pbf_writer& out, std::uint32_t field,
                      const Membership& membership);
void write_id(protozero::pbf_writer& out, std::uint32_t field, const MemberId& id);

/// Member ids and addresses in messages of ours: 16 bytes, and 4 or 16.
[[nodiscard]] MemberId read_raw_id(Reader& reader) noexcept;
void write_raw_id(protozero::pbf_writer& out, std::uint32_t field, const MemberId& id);

}  // namespace hab::ring::codec
