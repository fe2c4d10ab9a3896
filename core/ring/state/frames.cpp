// SPDX-License-Identifier: Apache-2.0
#include "ring/state/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"
#include "ring/node/hash.hpp"

namespace hab::ring {
namespace {

constexpr std::string_view snapshot_magic = "HABRSNP1";
constexpr std::string_view log_magic = "HABRLOG1";
constexpr std::size_t frame_head = 4 + 8;      ///< length and checksum
constexpr std::size_t payload_head = 1 + 8;    ///< kind and number
constexpr std::size_t max_payload = 4u << 20;  ///< four times what a stream message may have

void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint64_t read_number(std::string_view bytes, std::size_t count) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
}

/// Zeros that a file system left behind must not pass for an empty record, so the length counts.
std::uint64_t checksum(std::string_view payload) noexcept {
    return hash_of(payload, payload.size());
}

/// The payload at the beginning of `bytes`; nothing (no data) if it is not whole.
std::string_view frame_at(std::string_view bytes) noexcept {
    if (bytes.size() < frame_head + payload_head) return {};
    const std::uint64_t length = read_number(bytes, 4);
    if (length < payload_head || length > max_payload) return {};
    if (length > bytes.size() - frame_head) return {};
    const std::string_view payload = bytes.substr(frame_head, static_cast<std::size_t>(length));
    return checksum(payload) == read_number(bytes.substr(4), 8) ? payload : std::string_view{};
}

/// What a record is about, as a text that is the same for two records about the same thing.
std::string subject(const StateRecord& record) {
    std::string text(1, static_cast<char>(record.kind));
    switch (record.kind) {
        case StateKind::incarnation:
            break;
        case StateKind::membership: {
            Membership membership;
            if (decode_membership(record.bytes, membership) != Refusal::none)
                return text + record.bytes;
            return text + membership.member.id.to_string();
        }
        case StateKind::rumor: {
            RumorHead head;
            if (decode_rumor_head(record.bytes, head) != Refusal::none) return text + record.bytes;
            // There is one election per group, whoever leads in it.
            const bool election =
                head.kind == RumorKind::election || head.kind == RumorKind::election_update;
            return fmt::format("{}{}\n{}\n{}\n{}", text, static_cast<int>(head.kind), head.key,
                               head.id, election ? std::string() : head.member.to_string());
        }
        case StateKind::vote: {
            // kind (1), candidate (16), group: the candidate is what may change.
            std::string rest = record.bytes;
            if (rest.size() >= 17) rest.erase(1, 16);
            return text + rest;
        }
        case StateKind::tombstone:
            return text + record.bytes;
    }
    return text;
}

}  // namespace

void append_header(std::string& out, const StateHeader& header) {
    out += header.snapshot ? snapshot_magic : log_magic;
    append_number(out, header.generation, 8);
}

void append_frame(std::string& out, const StateRecord& record) {
    std::string payload(1, static_cast<char>(record.kind));
    append_number(payload, record.number, 8);
    payload += record.bytes;
    if (payload.size() > max_payload) {
        throw Error(ErrorCode::bug, fmt::format("a record of {} bytes was to be written to the "
                                                "ring's state",
                                                payload.size()));
    }
    append_number(out, payload.size(), 4);
    append_number(out, checksum(payload), 8);
    out += payload;
}

StateFile read_frames(std::string_view bytes, std::string_view what) {
    StateFile file;
    if (bytes.size() < state_header_size) return file;
    file.header.snapshot = bytes.starts_with(snapshot_magic);
    if (!file.header.snapshot && !bytes.starts_with(log_magic)) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot read {}: it is not a file of the ring's state", what),
                    "move it away; the supervisor learns the ring's state from its peers");
    }
    file.header.generation = read_number(bytes.substr(8), 8);
    file.valid = state_header_size;
    while (true) {
        const std::string_view payload = frame_at(bytes.substr(file.valid));
        if (payload.empty()) return file;
        file.valid += frame_head + payload.size();
        const auto kind = static_cast<unsigned char>(payload[0]);
        // Kinds of a later version mean nothing to this one.
        if (kind < 1 || kind > static_cast<unsigned char>(StateKind::tombstone)) continue;
        file.records.push_back({.kind = static_cast<StateKind>(kind),
                                .number = read_number(payload.substr(1), 8),
                                .bytes = std::string(payload.substr(payload_head))});
    }
}

std::vector<StateRecord> latest_only(std::vector<StateRecord> records) {
    std::set<std::string> seen;
    std::vector<StateRecord> latest;
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        if (seen.insert(subject(*record)).second) latest.push_back(std::move(*record));
    }
    std::reverse(latest.begin(), latest.end());
    return latest;
}

}  // namespace hab::ring
