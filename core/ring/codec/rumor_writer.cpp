// SPDX-License-Identifier: Apache-2.0
// Writing rumors, field for field in the order and fullness of stock's encoder.
#include "base/error.hpp"
#include "ring/codec/parts.hpp"

namespace hab::ring {

using protozero::pbf_writer;

namespace {

void write_text(pbf_writer& out, std::uint32_t field, std::string_view text) {
    out.add_string(field, text.data(), text.size());
}

void write_bytes(pbf_writer& out, std::uint32_t field, std::string_view bytes) {
    out.add_bytes(field, bytes.data(), bytes.size());
}

/// The index of Rumor::body's alternative for a kind.
std::size_t alternative(RumorKind kind) noexcept {
    switch (kind) {
        case RumorKind::member:
            return 0;
        case RumorKind::service:
            return 1;
        case RumorKind::service_config:
            return 2;
        case RumorKind::service_file:
            return 3;
        case RumorKind::election:
        case RumorKind::election_update:
            return 4;
        case RumorKind::departure:
            return 5;
    }
    return std::variant_npos;
}

void write_system(pbf_writer& out, std::uint32_t field, const SystemInfo& system) {
    pbf_writer body(out, field);
    write_text(body, 1, system.ip);
    write_text(body, 2, system.hostname);
    write_text(body, 3, system.gossip_ip);
    body.add_uint32(4, system.gossip_port);
    write_text(body, 5, system.http_ip);
    body.add_uint32(6, system.http_port);
    write_text(body, 7, system.control_ip);
    body.add_uint32(8, system.control_port);
}

/// One overload per payload; `out` is the envelope's writer.
struct PayloadWriter {
    pbf_writer& out;
    std::uint32_t field;

    void operator()(const Membership& membership) const {
        codec::write_membership(out, field, membership);
    }
    void operator()(const ServiceRumor& service) const {
        pbf_writer body(out, field);
        codec::write_id(body, 1, service.member);
        write_text(body, 2, service.group);
        body.add_uint64(3, service.incarnation);
        body.add_bool(8, service.initialized);
        write_text(body, 9, service.ident);
        write_text(body, 10, service.config);
        write_system(body, 12, service.system);
        body.add_uint64(13, service.package_incarnation);
        if (service.gone) body.add_bool(codec::gone_field, true);
    }
    void operator()(const ConfigRumor& config) const {
        pbf_writer body(out, field);
        write_text(body, 1, config.group);
        body.add_uint64(2, config.incarnation);
        body.add_bool(3, config.encrypted);
        write_text(body, 4, config.config);
    }
    void operator()(const FileRumor& file) const {
        pbf_writer body(out, field);
        write_text(body, 1, file.group);
        body.add_uint64(2, file.incarnation);
        body.add_bool(3, file.encrypted);
        write_text(body, 4, file.filename);
        write_text(body, 5, file.body);
    }
    void operator()(const ElectionRumor& election) const {
        pbf_writer body(out, field);
        codec::write_id(body, 1, election.candidate);
        write_text(body, 2, election.group);
        body.add_uint64(3, election.term);
        body.add_uint64(4, election.suitability);
        body.add_enum(5, static_cast<std::int32_t>(election.status));
        for (const MemberId& vote : election.votes)
            codec::write_id(body, 6, vote);
        if (!election.claim.empty()) write_bytes(body, 100, election.claim);
        for (const std::string_view proof : election.proofs)
            write_bytes(body, 101, proof);
    }
    void operator()(const DepartureRumor& departure) const {
        pbf_writer body(out, field);
        codec::write_id(body, 1, departure.member);
    }
};

}  // namespace

void encode(const Rumor& rumor, std::string& out) {
    const auto kind = static_cast<std::uint32_t>(rumor.kind);
    const std::uint32_t field = codec::payload_field(kind);
    // A stock receiver aborts when kind and payload differ: never let one out.
    if (field == 0 || rumor.body.index() != alternative(rumor.kind))
        throw Error(ErrorCode::bug, "a rumor whose payload is not that of its kind was to be sent");
    pbf_writer message(out);
    message.add_enum(1, static_cast<std::int32_t>(kind));
    const auto* const election = std::get_if<ElectionRumor>(&rumor.body);
    if (election != nullptr) {
        // Receivers take the candidate from the envelope: the two must not differ.
        codec::write_id(message, 3, election->candidate);
    } else {
        write_text(message, 3, rumor.from);
    }
    std::visit(PayloadWriter{message, field}, rumor.body);
}

}  // namespace hab::ring
