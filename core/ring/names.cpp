// SPDX-License-Identifier: Apache-2.0
#include "ring/codec/refusal.hpp"
#include "ring/types.hpp"

namespace hab::ring {

std::string_view to_string(Health health) noexcept {
    switch (health) {
        case Health::alive:
            return "alive";
        case Health::suspect:
            return "suspect";
        case Health::confirmed:
            return "confirmed";
        case Health::departed:
            return "departed";
    }
    return "unknown";
}

std::string_view to_string(RumorKind kind) noexcept {
    switch (kind) {
        case RumorKind::member:
            return "member";
        case RumorKind::service:
            return "service";
        case RumorKind::election:
            return "election";
        case RumorKind::service_config:
            return "service config";
        case RumorKind::service_file:
            return "service file";
        case RumorKind::election_update:
            return "election update";
        case RumorKind::departure:
            return "departure";
    }
    return "unknown";
}

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::none:
            return "nothing is wrong with it";
        case Refusal::malformed:
            return "it is not a protobuf message of that kind";
        case Refusal::too_large:
            return "it is larger than any honest sender makes it";
        case Refusal::unknown_kind:
            return "its type is unknown";
        case Refusal::wrong_payload:
            return "its type and its payload do not belong together";
        case Refusal::missing_field:
            return "a mandatory field is missing";
        case Refusal::bad_id:
            return "a member id is not 32 lower-case hex digits";
        case Refusal::bad_address:
            return "an address is not an IP address";
        case Refusal::bad_port:
            return "a port is not in 0..65535";
        case Refusal::bad_group:
            return "a service group is not of the form service.group@organisation";
        case Refusal::bad_nonce:
            return "it is not sealed with a ring key (no nonce of 24 bytes)";
        case Refusal::not_authentic:
            return "it is not sealed with one of our ring keys";
        case Refusal::not_signed:
            return "it is not signed by who may say it";
        case Refusal::replayed:
            return "it was said before";
    }
    return "unknown";
}

bool safe_for_stock(const Member& member) noexcept {
    return member.address.is_v4() && member.address.usable() && member.swim_port != 0 &&
           member.gossip_port != 0;
}

}  // namespace hab::ring
