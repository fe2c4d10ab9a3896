// SPDX-License-Identifier: Apache-2.0
#include "ring/codec/envelope.hpp"

namespace hab::ring {
namespace codec {
namespace {

constexpr std::uint32_t first_payload = 4;
constexpr std::uint32_t last_payload = 9;

}  // namespace

std::uint32_t payload_field(std::uint32_t kind) noexcept {
    constexpr std::uint32_t fields[] = {0, 4, 5, 8, 6, 7, 0, 0, 8, 9};
    return kind < std::size(fields) ? fields[kind] : 0;
}

std::string_view read_group(Reader& reader) noexcept {
    const std::string_view group = checked_group(reader.text());
    if (group.empty()) reader.refuse(Refusal::bad_group);
    return group;
}

Refusal read_envelope(std::string_view bytes, Envelope& out) noexcept {
    if (bytes.size() > max_stream_message) return Refusal::too_large;
    Reader reader(bytes);
    std::uint32_t kind = 0;
    std::uint32_t payload = 0;
    bool has_from = false;
    while (reader.next()) {
        const std::uint32_t field = reader.field();
        if (field == 1) {
            kind = reader.number32();
            if (payload_field(kind) == 0) reader.refuse(Refusal::unknown_kind);
        } else if (field == 3) {
            out.from = reader.text();
            has_from = true;
        } else if (field >= first_payload && field <= last_payload) {
            if (payload != 0) reader.refuse(Refusal::wrong_payload);
            payload = field;
            out.payload = reader.bytes();
        } else {
            reader.skip();
        }
    }
    if (reader.refusal() != Refusal::none) return reader.refusal();
    if (kind == 0 || !has_from) return Refusal::missing_field;
    if (payload_field(kind) != payload) return Refusal::wrong_payload;
    out.kind = static_cast<RumorKind>(kind);
    return Refusal::none;
}

}  // namespace codec

namespace {

using codec::Reader;

/// The head's fields of one kind's payload: 0 where it has none.
struct HeadFields {
    std::uint32_t member, group, version, id;
};

HeadFields head_fields(RumorKind kind) noexcept {
    switch (kind) {
        case RumorKind::service:
            return {1, 2, 3, 0};
        case RumorKind::service_config:
            return {0, 1, 2, 0};
        case RumorKind::service_file:
            return {0, 1, 2, 4};
        case RumorKind::election:
        case RumorKind::election_update:
            return {0, 2, 3, 0};
        case RumorKind::departure:
            return {1, 0, 0, 0};
        case RumorKind::member:
            break;
    }
    return {};
}

Refusal read_head(std::string_view bytes, const HeadFields& fields, RumorHead& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        const std::uint32_t field = reader.field();
        if (field == fields.member) {
            out.member = codec::read_id(reader);
        } else if (field == fields.group) {
            out.key = codec::read_group(reader);
        } else if (field == fields.version) {
            out.version = reader.number();
        } else if (field == fields.id) {
            out.id = reader.text();
        } else {
            reader.skip();
        }
    }
    return reader.refusal();
}

/// What stock calls the rumor where its payload does not say it.
Refusal name_head(const codec::Envelope& envelope, RumorHead& out) noexcept {
    switch (envelope.kind) {
        case RumorKind::election:
        case RumorKind::election_update: {
            out.id = "election";
            const auto candidate = MemberId::parse(envelope.from);
            if (!candidate) return Refusal::bad_id;
            out.member = *candidate;
            break;
        }
        case RumorKind::service_config:
            out.id = "service_config";
            break;
        case RumorKind::departure:
            out.key = "departure";
            break;
        default:
            break;
    }
    const HeadFields fields = head_fields(envelope.kind);
    const bool complete = (fields.member == 0 || !out.member.empty()) &&
                          (fields.group == 0 || !out.key.empty()) &&
                          (fields.id == 0 || !out.id.empty());
    return complete ? Refusal::none : Refusal::missing_field;
}

}  // namespace

Refusal decode_rumor_head(std::string_view bytes, RumorHead& out) noexcept {
    codec::Envelope envelope;
    if (const Refusal refusal = codec::read_envelope(bytes, envelope); refusal != Refusal::none)
        return refusal;
    out = RumorHead{};
    out.kind = envelope.kind;
    if (envelope.kind == RumorKind::member) {
        Membership membership;
        const Refusal refusal = decode_membership(envelope.payload, membership);
        out.member = membership.member.id;
        out.version = membership.member.incarnation;
        return refusal;
    }
    const Refusal refusal = read_head(envelope.payload, head_fields(envelope.kind), out);
    return refusal == Refusal::none ? name_head(envelope, out) : refusal;
}

}  // namespace hab::ring
