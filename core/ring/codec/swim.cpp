// SPDX-License-Identifier: Apache-2.0
// Swim, in both directions.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "ring/codec/parts.hpp"

namespace hab::ring {

using codec::Reader;
using protozero::pbf_writer;

namespace {

constexpr std::uint32_t membership_field = 5;
constexpr std::uint32_t extension_field = 1000;

/// The field that a kind's payload is in; 0: there is no such kind.
std::uint32_t swim_payload_field(std::uint32_t kind) noexcept {
    constexpr std::uint32_t fields[] = {0, 2, 3, 4, 6};
    return kind < 5 ? fields[kind] : 0;
}

IpAddress read_raw_address(Reader& reader) noexcept {
    const std::string_view raw = reader.bytes();
    IpAddress address;
    if (raw.size() == address.bytes.size())
        std::copy(raw.begin(), raw.end(), address.bytes.begin());
    return address;
}

constexpr std::size_t most_extension_parts = 64;

void read_accusation(Reader& outer, SwimExtension& out) noexcept {
    Accusation accusation;
    std::string_view proof;
    Reader reader(outer.bytes());
    codec::Seen seen;
    while (reader.next()) {
        if (reader.field() <= 3) (void)seen.add(reader.field());
        switch (reader.field()) {
            case 1:
                accusation.member = codec::read_raw_id(reader);
                break;
            case 2:
                accusation.incarnation = reader.number();
                break;
            case 3:
                accusation.accuser = codec::read_raw_id(reader);
                break;
            case 4:
                proof = reader.bytes();
                break;
            default:
                reader.skip();
        }
    }
    if (!seen.has(1) || !seen.has(3)) reader.refuse(Refusal::missing_field);
    outer.refuse(reader.refusal());
    out.accusations.push_back(accusation);
    if (proof.empty()) return;
    out.accusation_proofs.resize(out.accusations.size());
    out.accusation_proofs.back() = proof;
}

void write_accusation(pbf_writer& out, const Accusation& accusation, std::string_view proof) {
    pbf_writer body(out, 8);
    codec::write_raw_id(body, 1, accusation.member);
    body.add_uint64(2, accusation.incarnation);
    codec::write_raw_id(body, 3, accusation.accuser);
    if (!proof.empty()) body.add_bytes(4, proof.data(), proof.size());
}

Refusal read_extension(std::string_view bytes, SwimExtension& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        switch (reader.field()) {
            case 1:
                out.abilities = reader.number();
                break;
            case 2:
                out.sequence = reader.number();
                break;
            case 3:
                out.echo = reader.number();
                break;
            case 4:
                out.to = codec::read_raw_id(reader);
                break;
            case 5:
                out.advertised = read_raw_address(reader);
                break;
            case 6:
                out.advertised_port = static_cast<std::uint16_t>(reader.number32());
                break;
            case 7:
                out.state = reader.fixed64();
                break;
            case 8:
                read_accusation(reader, out);
                break;
            case 9:
                out.rumors.push_back(reader.bytes());
                break;
            default:
                reader.skip();
        }
        if (out.accusations.size() + out.rumors.size() > most_extension_parts)
            reader.refuse(Refusal::too_large);
    }
    return reader.refusal();
}

/// Ping, Ack, PingReq and ProbePing differ only in what their second member is called.
Refusal read_payload(std::string_view bytes, Swim& out) noexcept {
    Reader reader(bytes);
    codec::Seen seen;
    auto& other = out.kind == SwimKind::ping_req ? out.target : out.forward_to;
    while (reader.next()) {
        const std::uint32_t field = reader.field();
        const bool known = field == 1 || (field == 2 && out.kind != SwimKind::probe_ping);
        if (!known) {
            reader.skip();
            continue;
        }
        if (!seen.add(field)) reader.refuse(Refusal::malformed);
        Member& member = field == 1 ? out.from : other.emplace();
        reader.refuse(codec::read_member(reader.bytes(), member));
    }
    const bool complete = seen.has(1) && (out.kind != SwimKind::ping_req || seen.has(2));
    if (!complete) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

struct Payload {
    std::uint32_t kind = 0;
    std::uint32_t field = 0;
    std::string_view bytes;
};

void read_swim_field(Reader& reader, Payload& payload, Swim& out) noexcept {
    switch (reader.field()) {
        case 1:
            payload.kind = reader.number32();
            if (swim_payload_field(payload.kind) == 0) reader.refuse(Refusal::unknown_kind);
            break;
        case 2:
        case 3:
        case 4:
        case 6:
            if (payload.field != 0) reader.refuse(Refusal::wrong_payload);
            payload.field = reader.field();
            payload.bytes = reader.bytes();
            break;
        case membership_field:
            reader.refuse(decode_membership(reader.bytes(), out.membership.emplace_back()));
            break;
        case extension_field: {
            // Somebody else may use the number for something else: then it is not for us.
            SwimExtension extension;
            if (reader.type() == codec::WireType::bytes) {
                if (read_extension(reader.bytes(), extension) == Refusal::none)
                    out.extension = std::move(extension);
                break;
            }
            reader.skip();
            break;
        }
        default:
            reader.skip();
    }
}

void write_extension(pbf_writer& out, const SwimExtension& extension) {
    pbf_writer body(out, extension_field);
    if (extension.abilities != 0) body.add_uint64(1, extension.abilities);
    if (extension.sequence != 0) body.add_uint64(2, extension.sequence);
    if (extension.echo != 0) body.add_uint64(3, extension.echo);
    if (!extension.to.empty()) codec::write_raw_id(body, 4, extension.to);
    if (!extension.advertised.empty()) {
        const auto& bytes = extension.advertised.bytes;
        body.add_bytes(5, reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    if (extension.advertised_port != 0) body.add_uint32(6, extension.advertised_port);
    if (extension.state != 0) body.add_fixed64(7, extension.state);
    const auto& proofs = extension.accusation_proofs;
    for (std::size_t i = 0; i < extension.accusations.size(); ++i)
        write_accusation(body, extension.accusations[i],
                         i < proofs.size() ? proofs[i] : std::string_view{});
    for (const std::string_view rumor : extension.rumors)
        body.add_bytes(9, rumor.data(), rumor.size());
}

/// A stock receiver aborts when type and payload differ: never let one out.
void check_sendable(const Swim& swim) {
    const bool pinging = swim.kind == SwimKind::ping || swim.kind == SwimKind::ack;
    const bool fits = (!swim.forward_to || pinging) &&
                      swim.target.has_value() == (swim.kind == SwimKind::ping_req) &&
                      (swim.membership.empty() || swim.kind != SwimKind::probe_ping) &&
                      swim_payload_field(static_cast<std::uint32_t>(swim.kind)) != 0;
    if (!fits) throw Error(ErrorCode::bug, "a Swim message whose parts do not fit was to be sent");
}

}  // namespace

Refusal decode_swim(std::string_view bytes, Swim& out) noexcept {
    out.forward_to.reset();
    out.target.reset();
    out.extension.reset();
    out.membership.clear();
    if (bytes.size() > max_datagram) return Refusal::too_large;
    Reader reader(bytes);
    Payload payload;
    while (reader.next())
        read_swim_field(reader, payload, out);
    if (reader.refusal() != Refusal::none) return reader.refusal();
    if (payload.kind == 0) return Refusal::missing_field;
    if (swim_payload_field(payload.kind) != payload.field) return Refusal::wrong_payload;
    out.kind = static_cast<SwimKind>(payload.kind);
    // A PROBEPING carries none; what somebody puts there all the same counts for nothing.
    if (out.kind == SwimKind::probe_ping) out.membership.clear();
    return read_payload(payload.bytes, out);
}

void encode(const Swim& swim, std::string& out) {
    check_sendable(swim);
    const auto kind = static_cast<std::uint32_t>(swim.kind);
    pbf_writer message(out);
    message.add_enum(1, static_cast<std::int32_t>(kind));
    const auto write_payload = [&] {
        pbf_writer body(message, swim_payload_field(kind));
        codec::write_member(body, 1, swim.from);
        if (swim.forward_to) codec::write_member(body, 2, *swim.forward_to);
        if (swim.target) codec::write_member(body, 2, *swim.target);
    };
    const bool payload_first = swim_payload_field(kind) < membership_field;
    if (payload_first) write_payload();
    for (const Membership& membership : swim.membership)
        codec::write_membership(message, membership_field, membership);
    if (!payload_first) write_payload();
    if (swim.extension) write_extension(message, *swim.extension);
}

}  // namespace hab::ring
