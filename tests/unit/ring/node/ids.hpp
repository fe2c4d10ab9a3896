// SPDX-License-Identifier: Apache-2.0
// Members for tests.
#pragma once

#include "ring/codec/codec.hpp"
#include "ring/member.hpp"

namespace hab::ring {

/// Ids that sort as their numbers do.
inline MemberId test_id(unsigned number) {
    MemberId id;
    id.bytes[0] = 0xaa;
    id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    id.bytes[2] = static_cast<std::uint8_t>(number);
    return id;
}

inline Endpoint test_endpoint(unsigned number) {
    return {IpAddress::v4(10, 0, static_cast<std::uint8_t>(number >> 8),
                          static_cast<std::uint8_t>(number)),
            9638};
}

inline Member test_member(unsigned number, std::uint64_t incarnation = 0) {
    Member member;
    member.id = test_id(number);
    member.incarnation = incarnation;
    member.address = test_endpoint(number).ip;
    member.swim_port = member.gossip_port = 9638;
    return member;
}

inline std::string test_config(std::string_view group, std::uint64_t incarnation,
                               std::string_view text) {
    Rumor rumor;
    rumor.kind = RumorKind::service_config;
    rumor.from = client_injector;
    rumor.body = ConfigRumor{group, incarnation, false, text};
    return encoded(rumor);
}

inline std::string test_service(unsigned member, std::string_view group,
                                std::uint64_t incarnation = 1, bool gone = false) {
    const std::string from = test_id(member).to_string();
    ServiceRumor body;
    body.gone = gone;
    body.member = test_id(member);
    body.group = group;
    body.incarnation = incarnation;
    body.ident = "core/app/1.0.0/20240101000000";
    body.system.ip = "10.0.0.1";
    body.system.hostname = "host";
    Rumor rumor;
    rumor.kind = RumorKind::service;
    rumor.from = from;
    rumor.body = body;
    return encoded(rumor);
}

inline std::string test_departure(unsigned member) {
    Rumor rumor;
    rumor.kind = RumorKind::departure;
    rumor.from = client_injector;
    rumor.body = DepartureRumor{test_id(member)};
    return encoded(rumor);
}

}  // namespace hab::ring
