// SPDX-License-Identifier: Apache-2.0
#include "ring/node/ring_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"

namespace hab::ring {

RingNode::RingNode(NodeConfig config, MemberBook& book, RumorPool* pool)
    : core_(std::move(config), book, pool),
      members_(core_),
      desk_(core_, members_),
      composer_(core_),
      detector_(core_, members_, composer_),
      gossip_(core_, composer_),
      anti_entropy_(core_, members_, desk_),
      relay_(core_),
      elections_(core_, desk_),
      census_(core_) {
    if (core_.guard.strict() &&
        (core_.config.id != core_.config.strict->id() || !core_.config.advertised.usable())) {
        throw Error(ErrorCode::bug,
                    "a member of a strict ring needs its identity's id and the address it signs");
    }
    core_.state.toggle(member_hash(core_.config.id), 0, static_cast<std::uint64_t>(Health::alive));
    connect_parts();
}

void RingNode::connect_parts() {
    members_.on_change = [this](Slot slot) {
        census_.member_changed(slot);
        elections_.recheck();
        if (core_.table.at(slot).health != Health::alive) relay_.restarted(core_.table.id(slot));
    };
    members_.on_forget = [this](const MemberId& id) { desk_.forget(id); };
    desk_.on_change = [this](const RumorKey& key) {
        census_.rumor_changed(key);
        if (key.kind != RumorKind::service) return;
        elections_.recheck();
        // A supervisor tells of its services anew when it starts.
        relay_.restarted(key.member);
    };
    desk_.on_election = [this](RumorKind kind, const ElectionRumor& rumor, bool tell) {
        elections_.heard(kind, rumor, tell);
    };
    elections_.on_leader = [this](RumorKind kind, const std::string& group, const MemberId& leader,
                                  std::uint64_t term) {
        census_.leader_changed(kind, group, leader, term);
    };
    detector_.on_rumor = [this](std::string_view rumor) { desk_.heard(rumor, true); };
    detector_.on_state = [this](Slot slot, std::uint64_t hash) {
        anti_entropy_.state_said(slot, hash);
    };
}

void RingNode::step(Time now, const Input& input, Outputs& outputs) {
    core_.now = std::max(core_.now, now);
    core_.outputs = &outputs;
    core_.teller = {};
    notice_stall();
    dispatch(input);
    elections_.tick();
    members_.tick();
    detector_.tick();
    elections_.tick();
    gossip_.tick();
    relay_.tick();
    core_.outputs = nullptr;
    next_wake_ = core_.silent() ? never : earliest();
}

void RingNode::dispatch(const Input& input) {
    // Who has left or was sent away for good hears nothing more; but results of orders still count.
    if (core_.silent() && !std::holds_alternative<StreamResult>(input)) return;
    std::visit([this](const auto& alternative) { take(alternative); }, input);
}

void RingNode::notice_stall() {
    // Nothing between the time we wanted to be woken and now: this process stood still (or its clock
    // jumped), and whoever seems late only seems so.
    if (stepped_ && next_wake_ != never && core_.now > next_wake_ + core_.tuning().stall) {
        members_.stalled(core_.now - next_wake_);
        detector_.stalled();
    }
    stepped_ = true;
}

Time RingNode::earliest() const noexcept {
    return std::max(core_.now, std::min({members_.next(), detector_.next(), gossip_.next(),
                                         relay_.next(), elections_.next()}));
}

void RingNode::take(const Datagram& input) {
    detector_.datagram(input.from, input.bytes);
}

void RingNode::take(const StreamMessage& input) {
    if (is_own_message(input.bytes)) {
        anti_entropy_.message(input.bytes);
    } else {
        desk_.heard(input.bytes, true);
    }
}

void RingNode::take(const StreamResult& input) {
    relay_.result(input.stream, input.ok);
}

void RingNode::take(const Restore& input) {
    core_.restoring = true;
    for (const StateRecord& record : input.records) {
        switch (record.kind) {
            case StateKind::incarnation:
                members_.restore_incarnation(record.number);
                break;
            case StateKind::membership: {
                Membership membership;
                if (decode_membership(record.bytes, membership) == Refusal::none)
                    (void)members_.heard(membership);
                break;
            }
            case StateKind::rumor:
                desk_.heard(record.bytes, false);
                break;
            case StateKind::vote:
                elections_.restore_vote(record);
                break;
            case StateKind::tombstone: {
                MemberId id;
                if (record.bytes.size() != id.bytes.size()) break;
                std::copy(record.bytes.begin(), record.bytes.end(), id.bytes.begin());
                members_.restore_tombstone(id, record.number);
                break;
            }
        }
    }
    core_.restoring = false;
    // What this node signs may be different now (its address): never twice for one incarnation.
    if (core_.guard.strict()) members_.refute(core_.incarnation);
}

void RingNode::take(const AddPeer& input) {
    detector_.add_seed(input.swim);
}

void RingNode::take(const Inject& input) {
    Rumor rumor;
    const Refusal why = decode_rumor(input.bytes, rumor);
    if (why != Refusal::none || rumor.kind == RumorKind::member) {
        throw Error(ErrorCode::invalid_input,
                    "a rumor could not be given to the ring: " +
                        std::string(why == Refusal::none ? "members speak for themselves"
                                                         : to_string(why)));
    }
    if (!core_.guard.strict()) return desk_.heard(input.bytes, true);
    RumorHead head;
    (void)decode_rumor_head(input.bytes, head);
    std::string signed_bytes(input.bytes);
    const bool is_signed = core_.guard.admits(head, input.bytes);
    if (!is_signed && !core_.guard.sign_rumor(head, signed_bytes)) {
        throw Error(
            ErrorCode::denied,
            fmt::format("a {} rumor could not be given to the ring: the ring is strict, and "
                        "this node has no key that may sign it",
                        to_string(rumor.kind)),
            "give the command on a machine that has the secret half of one of the ring's "
            "admin keys; services are told of by their own supervisor alone");
    }
    desk_.heard(signed_bytes, true);
}

void RingNode::take(const StartElection& input) {
    elections_.start(input.kind, input.group, input.suitability);
}

void RingNode::take(const StopElection& input) {
    elections_.stop(input.kind, input.group);
}

void RingNode::take(const Leave&) {
    members_.refute(core_.incarnation);
    core_.leaving = true;
    detector_.leave();
}

bool RingNode::quiet() const noexcept {
    return core_.self_news == 0 && core_.hot_members.empty() && core_.hot_rumors.empty() &&
           core_.hot_accusations.empty() && core_.suspicions.empty();
}

std::vector<StateRecord> RingNode::snapshot() const {
    std::vector<StateRecord> records;
    records.push_back({StateKind::incarnation, core_.incarnation, {}});
    for (const auto& [id, incarnation] : members_.tombstones()) {
        StateRecord record{StateKind::tombstone, incarnation, {}};
        record.bytes.assign(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
        records.push_back(std::move(record));
    }
    // Votes before elections, so that a node restored from this never forgets that it voted.
    for (StateRecord& vote : elections_.votes())
        records.push_back(std::move(vote));
    for (Slot slot = 0; slot < core_.table.bound(); ++slot) {
        if (!core_.table.used(slot)) continue;
        records.push_back({StateKind::membership, 0, encoded(core_.table.record(slot))});
    }
    for (const auto& [key, held] : core_.rumors.all())
        records.push_back({StateKind::rumor, 0, *held.bytes});
    return records;
}

}  // namespace hab::ring
