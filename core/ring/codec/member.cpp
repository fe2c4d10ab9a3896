// SPDX-License-Identifier: Apache-2.0
// Member and Membership, in both directions.
#include <algorithm>

#include "base/error.hpp"
#include "ring/codec/parts.hpp"

namespace hab::ring {
namespace codec {
namespace {

constexpr std::uint32_t proof_field = 100;

std::uint16_t read_port(Reader& reader) noexcept {
    const std::uint32_t port = reader.number32();
    if (port > 0xffff) reader.refuse(Refusal::bad_port);
    return static_cast<std::uint16_t>(port);
}

IpAddress read_address(Reader& reader) noexcept {
    const std::string_view text = reader.bytes();
    if (text.empty()) return {};
    const auto address = IpAddress::parse(text);
    if (!address) reader.refuse(Refusal::bad_address);
    return address.value_or(IpAddress{});
}

/// Health as stock reads it: what it does not know is well.
Health health_of(std::uint32_t number) noexcept {
    return number >= 1 && number <= 4 ? static_cast<Health>(number) : Health::alive;
}

void read_member_field(Reader& reader, Seen& seen, Member& out) noexcept {
    const std::uint32_t field = reader.field();
    if (field <= 8) (void)seen.add(field);
    switch (field) {
        case 1:
            out.id = read_id(reader);
            break;
        case 2:
            out.incarnation = reader.number();
            break;
        case 3:
            out.address = read_address(reader);
            break;
        case 4:
            out.swim_port = read_port(reader);
            break;
        case 5:
            out.gossip_port = read_port(reader);
            break;
        case 6:
            out.persistent = reader.boolean();
            break;
        case 7:
            out.departed = reader.boolean();
            break;
        case 8:
            out.probe_ping = reader.boolean();
            break;
        case proof_field:
            out.proof = reader.bytes();
            break;
        default:
            reader.skip();
    }
}

}  // namespace

MemberId read_id(Reader& reader) noexcept {
    const auto id = MemberId::parse(reader.bytes());
    if (!id) reader.refuse(Refusal::bad_id);
    return id.value_or(MemberId{});
}

MemberId read_raw_id(Reader& reader) noexcept {
    MemberId id;
    const std::string_view raw = reader.bytes();
    if (raw.size() == id.bytes.size()) {
        std::copy(raw.begin(), raw.end(), id.bytes.begin());
    } else {
        reader.refuse(Refusal::bad_id);
    }
    return id;
}

Refusal read_member(std::string_view bytes, Member& out) noexcept {
    Reader reader(bytes);
    Seen seen;
    out = Member{};
    while (reader.next())
        read_member_field(reader, seen, out);
    if (!seen.has(1) || !seen.has(4) || !seen.has(5)) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

void write_id(protozero::pbf_writer& out, std::uint32_t field, const MemberId& id) {
    if (id.empty()) {
        throw Error(ErrorCode::bug, "a ring message without the id of its member was to be sent");
    }
    const auto digits = id.digits();
    out.add_string(field, digits.data(), digits.size());
}

void write_raw_id(protozero::pbf_writer& out, std::uint32_t field, const MemberId& id) {
    out.add_bytes(field, reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

void write_member(protozero::pbf_writer& out, std::uint32_t field, const Member& member) {
    protozero::pbf_writer body(out, field);
    write_id(body, 1, member.id);
    body.add_uint64(2, member.incarnation);
    body.add_string(3, member.address.to_string());
    body.add_int32(4, member.swim_port);
    body.add_int32(5, member.gossip_port);
    body.add_bool(6, member.persistent);
    body.add_bool(7, member.departed);
    body.add_bool(8, member.probe_ping);
    if (!member.proof.empty())
        body.add_bytes(proof_field, member.proof.data(), member.proof.size());
}

void write_membership(protozero::pbf_writer& out, std::uint32_t field,
                      const Membership& membership) {
    protozero::pbf_writer body(out, field);
    write_member(body, 1, membership.member);
    body.add_enum(2, static_cast<std::int32_t>(membership.health));
}

}  // namespace codec

Refusal decode_membership(std::string_view bytes, Membership& out) noexcept {
    codec::Reader reader(bytes);
    out = Membership{};
    bool found = false;
    while (reader.next()) {
        switch (reader.field()) {
            case 1:
                // Protobuf would merge two of them; nobody honest sends two.
                if (found) reader.refuse(Refusal::malformed);
                found = true;
                reader.refuse(codec::read_member(reader.bytes(), out.member));
                break;
            case 2:
                out.health = codec::health_of(reader.number32());
                break;
            default:
                reader.skip();
        }
    }
    if (!found) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

void encode(const Membership& membership, std::string& out) {
    protozero::pbf_writer body(out);
    codec::write_member(body, 1, membership.member);
    body.add_enum(2, static_cast<std::int32_t>(membership.health));
}

}  // namespace hab::ring
