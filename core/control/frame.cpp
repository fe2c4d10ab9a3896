// SPDX-License-Identifier: Apache-2.0
#include "control/frame.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace hab::control {

namespace {

constexpr std::uint32_t is_transaction = 1u << 31;
constexpr std::uint32_t reserved_bits = 0x1fu << 26;
constexpr unsigned id_length_shift = 20;
constexpr std::uint32_t id_length_mask = 0x3f;
constexpr std::uint32_t body_length_mask = 0xfffff;

constexpr std::uint32_t is_response = 1u << 31;
constexpr std::uint32_t is_complete = 1u << 30;
constexpr std::uint32_t transaction_id_mask = (1u << 30) - 1;

void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>((value >> shift) & 0xff);
    }
}

std::uint32_t get_u32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(0, 4)) {
        value = value << 8 | static_cast<unsigned char>(byte);
    }
    return value;
}

bool is_id_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

[[noreturn]] void garbage(std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot read a frame of the control protocol: {}", why),
                "Something else than hab talks on this port, or the connection was damaged.");
}

Transaction decode_transaction(std::uint32_t word) {
    return {word & transaction_id_mask, (word & is_response) != 0, (word & is_complete) != 0};
}

std::uint32_t encode_transaction(const Transaction& transaction) {
    return (transaction.id & transaction_id_mask) | (transaction.response ? is_response : 0) |
           (transaction.complete ? is_complete : 0);
}

}  // namespace

std::string encode_frame(const Frame& frame) {
    if (frame.message_id.size() > max_message_id || frame.body.size() > max_body) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot send the control message {} with {} bytes: the limit is {}",
                                frame.message_id, frame.body.size(), max_body));
    }
    const auto id_length = static_cast<std::uint32_t>(frame.message_id.size());
    const auto body_length = static_cast<std::uint32_t>(frame.body.size());
    std::string out;
    out.reserve(8 + frame.message_id.size() + frame.body.size());
    put_u32(out,
            (frame.transaction ? is_transaction : 0) | id_length << id_length_shift | body_length);
    if (frame.transaction) put_u32(out, encode_transaction(*frame.transaction));
    out += frame.message_id;
    out += frame.body;
    return out;
}

std::optional<Frame> FrameReader::next() {
    if (buffer_.size() < 4) return std::nullopt;
    const std::uint32_t header = get_u32(buffer_);
    const std::size_t id_length = (header >> id_length_shift) & id_length_mask;
    const std::size_t body_length = header & body_length_mask;
    // Upstream always sends zeros there; text such as "GET " does not.
    if ((header & reserved_bits) != 0) garbage("the reserved bits of the header are set");
    if (id_length == 0) garbage("the message has no name");
    if (body_length > body_limit_) {
        garbage(fmt::format("it announces {} bytes, the limit is {}", body_length, body_limit_));
    }
    const bool has_transaction = (header & is_transaction) != 0;
    const std::size_t start = has_transaction ? 8 : 4;
    const std::size_t total = start + id_length + body_length;
    if (buffer_.size() < total) return std::nullopt;

    Frame frame;
    const std::string_view bytes(buffer_);
    if (has_transaction) frame.transaction = decode_transaction(get_u32(bytes.substr(4)));
    frame.message_id = bytes.substr(start, id_length);
    frame.body = bytes.substr(start + id_length, body_length);
    if (!std::all_of(frame.message_id.begin(), frame.message_id.end(), is_id_char)) {
        garbage("the name of the message has characters that no name has");
    }
    buffer_.erase(0, total);
    return frame;
}

}  // namespace hab::control
