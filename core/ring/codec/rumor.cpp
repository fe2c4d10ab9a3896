// SPDX-License-Identifier: Apache-2.0
// Reading rumors: the envelope and each kind of payload.
#include "ring/codec/envelope.hpp"

namespace hab::ring {

using codec::Envelope;
using codec::Reader;
using codec::Seen;

namespace {

/// More than half of a group twice as large; merging costs their square.
constexpr std::size_t most_votes = 4096;

Refusal read_system(std::string_view bytes, SystemInfo& out) noexcept {
    Reader reader(bytes);
    Seen seen;
    while (reader.next()) {
        if (reader.field() <= 8) (void)seen.add(reader.field());
        switch (reader.field()) {
            case 1:
                out.ip = reader.text();
                break;
            case 2:
                out.hostname = reader.text();
                break;
            case 3:
                out.gossip_ip = reader.text();
                break;
            case 4:
                out.gossip_port = reader.number32();
                break;
            case 5:
                out.http_ip = reader.text();
                break;
            case 6:
                out.http_port = reader.number32();
                break;
            case 7:
                out.control_ip = reader.text();
                break;
            case 8:
                out.control_port = reader.number32();
                break;
            default:
                reader.skip();
        }
    }
    if (!seen.has(1) || !seen.has(2)) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

void read_service_field(Reader& reader, Seen& seen, ServiceRumor& out) noexcept {
    const std::uint32_t field = reader.field();
    const bool first = field > 13 || seen.add(field);
    switch (field) {
        case 1:
            out.member = codec::read_id(reader);
            break;
        case 2:
            out.group = codec::read_group(reader);
            break;
        case 3:
            out.incarnation = reader.number();
            break;
        case 8:
            out.initialized = reader.boolean();
            break;
        case 9:
            out.ident = reader.text();
            break;
        case 10:
            out.config = reader.bytes();
            break;
        case 12:
            if (!first) reader.refuse(Refusal::malformed);
            reader.refuse(read_system(reader.bytes(), out.system));
            break;
        case 13:
            out.package_incarnation = reader.number();
            break;
        case codec::gone_field:
            out.gone = reader.boolean();
            break;
        default:
            reader.skip();
    }
}

Refusal read(std::string_view bytes, ServiceRumor& out) noexcept {
    Reader reader(bytes);
    Seen seen;
    while (reader.next())
        read_service_field(reader, seen, out);
    if (!seen.has(1) || !seen.has(2) || !seen.has(9) || !seen.has(12))
        reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

/// What configurations and files have in common; false for any other field.
template <typename Body>
bool read_versioned_field(Reader& reader, Body& out) noexcept {
    switch (reader.field()) {
        case 1:
            out.group = codec::read_group(reader);
            return true;
        case 2:
            out.incarnation = reader.number();
            return true;
        case 3:
            out.encrypted = reader.boolean();
            return true;
        default:
            return false;
    }
}

Refusal read(std::string_view bytes, ConfigRumor& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        if (read_versioned_field(reader, out)) continue;
        if (reader.field() == 4) {
            out.config = reader.bytes();
        } else {
            reader.skip();
        }
    }
    if (out.group.empty()) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

Refusal read(std::string_view bytes, FileRumor& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        if (read_versioned_field(reader, out)) continue;
        if (reader.field() == 4) {
            out.filename = reader.text();
        } else if (reader.field() == 5) {
            out.body = reader.bytes();
        } else {
            reader.skip();
        }
    }
    if (out.group.empty() || out.filename.empty()) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

ElectionStatus status_of(std::uint32_t number) noexcept {
    return number >= 1 && number <= 3 ? static_cast<ElectionStatus>(number)
                                      : ElectionStatus::running;
}

Refusal read(const Envelope& envelope, ElectionRumor& out) noexcept {
    Reader reader(envelope.payload);
    // As stock reads it: the candidate stands on the envelope, field 1 counts for nothing.
    const auto candidate = MemberId::parse(envelope.from);
    if (!candidate) return Refusal::bad_id;
    out.candidate = *candidate;
    while (reader.next()) {
        switch (reader.field()) {
            case 2:
                out.group = codec::read_group(reader);
                break;
            case 3:
                out.term = reader.number();
                break;
            case 4:
                out.suitability = reader.number();
                break;
            case 5:
                out.status = status_of(reader.number32());
                break;
            case 6:
                if (out.votes.size() >= most_votes) {
                    reader.refuse(Refusal::too_large);
                    break;
                }
                out.votes.push_back(codec::read_id(reader));
                break;
            case 100:
                out.claim = reader.bytes();
                break;
            case 101:
                if (out.proofs.size() >= most_votes) {
                    reader.refuse(Refusal::too_large);
                    break;
                }
                out.proofs.push_back(reader.bytes());
                break;
            default:
                reader.skip();
        }
    }
    if (out.group.empty()) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

Refusal read(std::string_view bytes, DepartureRumor& out) noexcept {
    Reader reader(bytes);
    while (reader.next()) {
        if (reader.field() == 1) {
            out.member = codec::read_id(reader);
        } else {
            reader.skip();
        }
    }
    if (out.member.empty()) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

/// The election alternative of a message that is used again, with its memory.
ElectionRumor& reuse_election(Rumor& rumor) noexcept {
    if (auto* const old = std::get_if<ElectionRumor>(&rumor.body)) {
        std::vector<MemberId> votes = std::move(old->votes);
        std::vector<std::string_view> proofs = std::move(old->proofs);
        votes.clear();
        proofs.clear();
        *old = ElectionRumor{};
        old->votes = std::move(votes);
        old->proofs = std::move(proofs);
        return *old;
    }
    return rumor.body.emplace<ElectionRumor>();
}

}  // namespace

Refusal decode_rumor(std::string_view bytes, Rumor& out) noexcept {
    Envelope envelope;
    if (const Refusal refusal = codec::read_envelope(bytes, envelope); refusal != Refusal::none)
        return refusal;
    out.kind = envelope.kind;
    out.from = envelope.from;
    switch (envelope.kind) {
        case RumorKind::member:
            return decode_membership(envelope.payload, out.body.emplace<Membership>());
        case RumorKind::service:
            return read(envelope.payload, out.body.emplace<ServiceRumor>());
        case RumorKind::service_config:
            return read(envelope.payload, out.body.emplace<ConfigRumor>());
        case RumorKind::service_file:
            return read(envelope.payload, out.body.emplace<FileRumor>());
        case RumorKind::election:
        case RumorKind::election_update:
            return read(envelope, reuse_election(out));
        case RumorKind::departure:
            return read(envelope.payload, out.body.emplace<DepartureRumor>());
    }
    return Refusal::unknown_kind;
}

}  // namespace hab::ring
