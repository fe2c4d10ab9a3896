// SPDX-License-Identifier: Apache-2.0
#include "ring/node/census.hpp"

#include "ring/codec/codec.hpp"

namespace hab::ring {

void Census::stale(const std::string& group) {
    const auto [line, added] = lines_.try_emplace(group);
    // Until somebody reads the new one, further changes are no news.
    if (!added && line->second.snapshot == nullptr) return;
    line->second.snapshot.reset();
    Event event;
    event.kind = EventKind::census_changed;
    event.group = group;
    core_.emit(std::move(event));
}

void Census::rumor_changed(const RumorKey& key) {
    if (key.group.empty()) return;
    if (key.kind == RumorKind::service) memberships_.insert({key.member, key.group});
    stale(key.group);
}

void Census::member_changed(Slot slot) {
    const MemberId& id = core_.table.id(slot);
    for (auto at = memberships_.lower_bound({id, {}}); at != memberships_.end() && at->first == id;
         ++at)
        stale(at->second);
}

void Census::leader_changed(RumorKind kind, const std::string& group, const MemberId& leader,
                            std::uint64_t term) {
    stale(group);
    Line& line = lines_[group];
    const std::size_t index = kind == RumorKind::election ? 0 : 1;
    line.leaders[index] = leader;
    line.terms[index] = term;
}

std::shared_ptr<const CensusGroup> Census::group(const std::string& name) {
    const auto found = lines_.find(name);
    if (found == lines_.end()) return nullptr;
    if (found->second.snapshot == nullptr) found->second.snapshot = build(name, found->second);
    return found->second.snapshot;
}

std::vector<std::string> Census::groups() const {
    std::vector<std::string> names;
    for (const auto& [name, line] : lines_)
        names.push_back(name);
    return names;
}

std::shared_ptr<const CensusGroup> Census::build(const std::string& name, const Line& line) const {
    auto group = std::make_shared<CensusGroup>();
    group->name = name;
    group->leader = line.leaders[0];
    group->leader_term = line.terms[0];
    group->update_leader = line.leaders[1];
    group->update_leader_term = line.terms[1];
    add_members(*group);
    add_files(*group);
    if (const HeldRumor* held = core_.rumors.find({RumorKind::service_config, name, {}, {}})) {
        group->config_incarnation = held->version;
        group->config = held->bytes;
    }
    return group;
}

void Census::add_members(CensusGroup& group) const {
    const auto& all = core_.rumors.all();
    for (auto at = all.lower_bound({RumorKind::service, group.name, {}, {}});
         at != all.end() && at->first.kind == RumorKind::service && at->first.group == group.name;
         ++at) {
        Rumor rumor;
        if (at->second.gone || decode_rumor(*at->second.bytes, rumor) != Refusal::none) continue;
        const auto& service = std::get<ServiceRumor>(rumor.body);
        CensusMember member;
        member.id = at->first.member;
        member.incarnation = service.incarnation;
        member.package_incarnation = service.package_incarnation;
        member.ident = service.ident;
        member.rumor = at->second.bytes;
        if (member.id != core_.config.id) {
            // A service whose member nobody told us of yet counts as gone until they do.
            const auto slot = core_.table.find(member.id);
            member.health = slot ? core_.table.at(*slot).health : Health::departed;
            if (slot) member.contact = core_.table.contact(*slot);
        }
        group.members.push_back(std::move(member));
    }
}

void Census::add_files(CensusGroup& group) const {
    const auto& all = core_.rumors.all();
    for (auto at = all.lower_bound({RumorKind::service_file, group.name, {}, {}});
         at != all.end() && at->first.kind == RumorKind::service_file &&
         at->first.group == group.name;
         ++at) {
        group.files.push_back({at->first.name, at->second.version, at->second.bytes});
    }
}

}  // namespace hab::ring
