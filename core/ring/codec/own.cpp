// SPDX-License-Identifier: Apache-2.0
// OwnMessage, in both directions.
#include "ring/codec/parts.hpp"

namespace hab::ring {

using codec::Reader;
using protozero::pbf_writer;

namespace {

enum Field : std::uint32_t {
    from = 100,
    exchange = 101,
    shards = 102,
    hash = 103,
    differing = 104,
    version = 105,
    rumor = 106,
};

/// Empty elements cost two bytes on the wire and many more here.
constexpr std::size_t max_elements = 16384;

template <typename List>
bool room_in(const List& list, Reader& reader) noexcept {
    if (list.size() < max_elements) return true;
    reader.refuse(Refusal::too_large);
    return false;
}

Refusal read_hash(std::string_view bytes, ShardHash& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        switch (reader.field()) {
            case 1:
                out.shard = reader.number32();
                break;
            case 2:
                out.hash = reader.fixed64();
                break;
            default:
                reader.skip();
        }
    }
    return reader.refusal();
}

Refusal read_version(std::string_view bytes, RumorVersion& out) noexcept {
    Reader reader(bytes);
    std::uint32_t kind = 0;
    while (reader.next()) {
        switch (reader.field()) {
            case 1:
                kind = reader.number32();
                break;
            case 2:
                out.head.key = reader.text();
                break;
            case 3:
                out.head.id = reader.text();
                break;
            case 4:
                out.head.member = codec::read_raw_id(reader);
                break;
            case 5:
                out.head.version = reader.number();
                break;
            case 6:
                out.rank = reader.number();
                break;
            case 7:
                out.wanted = reader.boolean();
                break;
            default:
                reader.skip();
        }
    }
    if (codec::payload_field(kind) == 0) reader.refuse(Refusal::unknown_kind);
    out.head.kind = static_cast<RumorKind>(kind);
    return reader.refusal();
}

void read_field(Reader& reader, OwnMessage& out) noexcept {
    switch (reader.field()) {
        case from:
            out.from = codec::read_raw_id(reader);
            break;
        case exchange:
            out.exchange = reader.number();
            break;
        case shards:
            out.shards = reader.number32();
            break;
        case hash:
            if (room_in(out.hashes, reader))
                reader.refuse(read_hash(reader.bytes(), out.hashes.emplace_back()));
            break;
        case differing:
            if (room_in(out.differing, reader)) out.differing.push_back(reader.number32());
            break;
        case version:
            if (room_in(out.versions, reader))
                reader.refuse(read_version(reader.bytes(), out.versions.emplace_back()));
            break;
        case rumor:
            if (room_in(out.rumors, reader)) out.rumors.push_back(reader.bytes());
            break;
        default:
            reader.skip();
    }
}

void write_version(pbf_writer& out, const RumorVersion& one) {
    pbf_writer body(out, version);
    body.add_enum(1, static_cast<std::int32_t>(one.head.kind));
    if (!one.head.key.empty()) body.add_string(2, one.head.key.data(), one.head.key.size());
    if (!one.head.id.empty()) body.add_string(3, one.head.id.data(), one.head.id.size());
    if (!one.head.member.empty()) codec::write_raw_id(body, 4, one.head.member);
    if (one.head.version != 0) body.add_uint64(5, one.head.version);
    if (one.rank != 0) body.add_uint64(6, one.rank);
    if (one.wanted) body.add_bool(7, true);
}

}  // namespace

bool is_own_message(std::string_view bytes) noexcept {
    Reader reader(bytes);
    return reader.next() && reader.field() >= from;
}

Refusal decode_own(std::string_view bytes, OwnMessage& out) noexcept {
    out.from = {};
    out.exchange = 0;
    out.shards = 0;
    out.hashes.clear();
    out.differing.clear();
    out.versions.clear();
    out.rumors.clear();
    if (bytes.size() > max_stream_message) return Refusal::too_large;
    Reader reader(bytes);
    while (reader.next())
        read_field(reader, out);
    if (out.from.empty()) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

void encode(const OwnMessage& message, std::string& out) {
    pbf_writer writer(out);
    codec::write_raw_id(writer, from, message.from);
    if (message.exchange != 0) writer.add_uint64(exchange, message.exchange);
    if (message.shards != 0) writer.add_uint32(shards, message.shards);
    for (const ShardHash& one : message.hashes) {
        pbf_writer body(writer, hash);
        body.add_uint32(1, one.shard);
        body.add_fixed64(2, one.hash);
    }
    for (const std::uint32_t shard : message.differing)
        writer.add_uint32(differing, shard);
    for (const RumorVersion& one : message.versions)
        write_version(writer, one);
    for (const std::string_view one : message.rumors)
        writer.add_bytes(rumor, one.data(), one.size());
}

}  // namespace hab::ring
