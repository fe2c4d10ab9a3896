// SPDX-License-Identifier: Apache-2.0
// Reads the fields of one protobuf message. Only the files of codec/ include it.
//
// By hand and not with protozero, which throws: what arrives here comes from strangers, and refusing
// garbage at line rate must cost no more than taking messages (measured: an exception costs as much
// as decoding ten datagrams).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/strings.hpp"
#include "ring/codec/refusal.hpp"

namespace hab::ring::codec {

/// Wire types; groups (3, 4) are refused.
enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// One pass over a message: `while (reader.next()) switch (reader.field()) {...}`. After the first
/// thing that does not fit, next() is false and refusal() says why; values read meanwhile are zero
/// or empty.
class Reader {
public:
    explicit Reader(std::string_view bytes) noexcept
        : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    /// Goes to the next field; false at the end or after a refusal.
    [[nodiscard]] bool next() noexcept {
        if (at_ == end_ || refusal_ != Refusal::none) return false;
        const std::uint64_t key = raw_varint();
        if (refusal_ != Refusal::none) return false;
        field_ = static_cast<std::uint32_t>(key >> 3);
        type_ = static_cast<WireType>(key & 7);
        if (key > 0xffffffffu || field_ == 0) refuse(Refusal::malformed);
        return refusal_ == Refusal::none;
    }
    [[nodiscard]] std::uint32_t field() const noexcept { return field_; }
    [[nodiscard]] WireType type() const noexcept { return type_; }
    [[nodiscard]] Refusal refusal() const noexcept { return refusal_; }
    /// Only the first refusal counts.
    void refuse(Refusal why) noexcept {
        if (refusal_ == Refusal::none) refusal_ = why;
    }

    [[nodiscard]] std::uint64_t number() noexcept {
        return expect(WireType::varint) ? raw_varint() : 0;
    }
    /// Cut to 32 bits as protobuf demands of (u)int32 and enum fields.
    [[nodiscard]] std::uint32_t number32() noexcept { return static_cast<std::uint32_t>(number()); }
    [[nodiscard]] bool boolean() noexcept { return number() != 0; }
    [[nodiscard]] std::uint64_t fixed64() noexcept {
        if (!expect(WireType::fixed64) || !has(8)) return 0;
        std::uint64_t value = 0;
        for (unsigned i = 0; i < 8; ++i)
            value |= std::uint64_t{static_cast<unsigned char>(at_[i])} << (8 * i);
        at_ += 8;
        return value;
    }
    [[nodiscard]] std::string_view bytes() noexcept {
        return expect(WireType::bytes) ? raw_bytes() : std::string_view{};
    }
    /// Bytes that must be UTF-8.
    [[nodiscard]] std::string_view text() noexcept {
        const std::string_view value = bytes();
        if (is_utf8(value)) return value;
        refuse(Refusal::malformed);
        return {};
    }
    /// An unknown field.
    void skip() noexcept {
        switch (type_) {
            case WireType::varint:
                (void)raw_varint();
                return;
            case WireType::fixed64:
                if (has(8)) at_ += 8;
                return;
            case WireType::bytes:
                (void)raw_bytes();
                return;
            case WireType::fixed32:
                if (has(4)) at_ += 4;
                return;
        }
        refuse(Refusal::malformed);
    }

private:
    [[nodiscard]] bool expect(WireType wanted) noexcept {
        if (type_ != wanted) refuse(Refusal::malformed);
        return type_ == wanted;
    }
    [[nodiscard]] bool has(std::size_t count) noexcept {
        const bool enough = static_cast<std::size_t>(end_ - at_) >= count;
        if (!enough) refuse(Refusal::malformed);
        return enough;
    }
    [[nodiscard]] std::uint64_t raw_varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ == end_) break;
            const auto byte = static_cast<unsigned char>(*at_++);
            value |= std::uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) {
                if (shift == 63 && byte > 1) break;
                return value;
            }
        }
        refuse(Refusal::malformed);
        return 0;
    }
    [[nodiscard]] std::string_view raw_bytes() noexcept {
        const std::uint64_t size = raw_varint();
        if (size > static_cast<std::uint64_t>(end_ - at_)) refuse(Refusal::malformed);
        if (refusal_ != Refusal::none) return {};
        const std::string_view value(at_, static_cast<std::size_t>(size));
        at_ += size;
        return value;
    }

    const char* at_;
    const char* end_;
    std::uint32_t field_ = 0;
    WireType type_ = WireType::varint;
    Refusal refusal_ = Refusal::none;
};

}  // namespace hab::ring::codec
