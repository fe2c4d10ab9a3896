// SPDX-License-Identifier: Apache-2.0
#include "ring/node/rumor_desk.hpp"

namespace hab::ring {

std::uint64_t rank_of_text(std::string_view bytes) noexcept {
    return hash_of(bytes);
}

void RumorDesk::heard(std::string_view bytes, bool tell) {
    RumorHead head;
    if (const Refusal why = decode_rumor_head(bytes, head); why != Refusal::none) {
        core_.refuse(to_string(why));
        return;
    }
    if (head.kind == RumorKind::member) {
        heard_member(bytes);
        return;
    }
    // Members are forgotten at different times: who still holds its services hands them round.
    if (head.kind == RumorKind::service && members_.buried(head.member)) return;
    const bool election =
        head.kind == RumorKind::election || head.kind == RumorKind::election_update;
    const RumorKey key = key_of(head);
    std::uint64_t rank = 0;
    // Most of what arrives in a busy ring is known: that costs no full decode.
    if (!election) {
        const HeldRumor* known = core_.rumors.find(key);
        if (known != nullptr && known->version > head.version) return;
        if (head.kind != RumorKind::departure) rank = rank_of_text(bytes);
        if (known != nullptr && known->version == head.version && known->rank >= rank) return;
    }
    if (const Refusal why = decode_rumor(bytes, scratch_); why != Refusal::none) {
        core_.refuse(to_string(why));
        return;
    }
    if (core_.guard.strict() && !election && !core_.guard.admits(head, bytes)) {
        core_.refuse(to_string(Refusal::not_signed));
        return;
    }
    if (election) {
        if (on_election) on_election(head.kind, std::get<ElectionRumor>(scratch_.body), tell);
        return;
    }
    const auto* const service = std::get_if<ServiceRumor>(&scratch_.body);
    keep(key, head.version, rank, bytes, tell, service != nullptr && service->gone);
    if (head.kind == RumorKind::departure) members_.depart(key.member);
}

void RumorDesk::heard_member(std::string_view bytes) {
    if (decode_rumor(bytes, scratch_) != Refusal::none) {
        core_.refuse("a member rumor could not be read");
        return;
    }
    (void)members_.heard(std::get<Membership>(scratch_.body));
}

void RumorDesk::keep(const RumorKey& key, std::uint64_t version, std::uint64_t rank,
                     std::string_view bytes, bool tell, bool gone) {
    core_.rumors.put(key, version, rank, bytes, gone);
    core_.last_change = core_.now;
    core_.persist({StateKind::rumor, 0, std::string(bytes)});
    if (tell) core_.hot_rumors.heat(key);
    if (key.kind == RumorKind::service) members_.has_service(key.member);
    if (on_change) on_change(key);
}

void RumorDesk::put_election(const RumorKey& key, std::uint64_t term, std::uint64_t rank,
                             std::string_view bytes, bool tell) {
    core_.rumors.put(key, term, rank, bytes);
    core_.last_change = core_.now;
    core_.persist({StateKind::rumor, 0, std::string(bytes)});
    if (tell) core_.hot_rumors.heat(key);
}

void RumorDesk::forget(const MemberId& id) {
    std::vector<RumorKey> gone;
    for (const auto& [key, held] : core_.rumors.all()) {
        if (key.kind == RumorKind::service && key.member == id) gone.push_back(key);
    }
    for (const RumorKey& key : gone) {
        if (on_change) on_change(key);
        core_.hot_rumors.cool(key);
        core_.rumors.erase(key);
    }
}

}  // namespace hab::ring
