// SPDX-License-Identifier: Apache-2.0
// What the ring knows, in the supervisor's words.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "config/toml.hpp"
#include "crypto/box_message.hpp"
#include "ring/codec/codec.hpp"
#include "supervisor/ring/ring_membership.hpp"

namespace hab::supervisor {
namespace {

/// Exports come from other machines: what cannot be read exports nothing.
Value config_table(std::string_view text) {
    try {
        Value table = config::parse_toml(text, "ring");
        if (table.as_object() != nullptr) return table;
    } catch (const Error&) {
        return Value(Object());
    }
    return Value(Object());
}

std::uint16_t port_of(std::uint32_t number) noexcept {
    return number <= 65535 ? static_cast<std::uint16_t>(number) : std::uint16_t{0};
}

/// A name from the net becomes one in the service's directory: it must stay there.
bool is_plain_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 255 || name == "." || name == "..") return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '/' || byte < 0x20 || byte == 0x7f;
    });
}

/// Our gateway takes none above it, but others may tell of anything that fits into a message.
void check_size(std::string_view what, std::size_t size) {
    if (size <= most_ring_body) return;
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("{} has {} bytes, but at most {} are taken", what, size, most_ring_body),
        "give members large files in a package, or let them fetch them");
}

bool same(const RingElection& a, const RingElection& b) {
    return a.state == b.state && a.leader == b.leader && a.term == b.term;
}

}  // namespace

RingMember RingMembership::member_of(const ring::CensusMember& census) const {
    RingMember member;
    member.id = census.id.to_string();
    member.health = census.health;
    member.is_me = census.id == id_;
    member.ident = census.ident;
    member.package_incarnation = census.package_incarnation;
    member.incarnation = census.incarnation;
    member.config = Value(Object());
    member.persistent = member.is_me && persistent_;
    if (const auto slot = node().members().find(census.id))
        member.persistent = node().members().at(*slot).persistent;
    ring::Rumor rumor;
    if (ring::decode_rumor(*census.rumor, rumor) != ring::Refusal::none) return member;
    const auto& service = std::get<ring::ServiceRumor>(rumor.body);
    member.initialized = service.initialized;
    member.config = config_table(service.config);
    member.ip = service.system.ip;
    member.hostname = service.system.hostname;
    member.gossip_ip = service.system.gossip_ip;
    // What it bound is often all of its addresses; this one reaches it.
    if (!census.contact.address.empty()) member.gossip_ip = census.contact.address.to_string();
    member.gossip_port = port_of(service.system.gossip_port);
    member.http_ip = service.system.http_ip;
    member.http_port = port_of(service.system.http_port);
    member.control_ip = service.system.control_ip;
    member.control_port = port_of(service.system.control_port);
    return member;
}

RingElection RingMembership::election_of(const ring::CensusGroup& census,
                                         ring::RumorKind kind) const {
    const bool of_leader = kind == ring::RumorKind::election;
    const ring::MemberId& leader = of_leader ? census.leader : census.update_leader;
    RingElection out;
    out.term = of_leader ? census.leader_term : census.update_leader_term;
    if (!leader.empty()) out.leader = leader.to_string();
    const ring::Election* const election = node().election(kind, census.name);
    if (election == nullptr) return out;
    switch (election->status) {
        case ring::ElectionStatus::running:
            out.state = ElectionState::running;
            break;
        case ring::ElectionStatus::no_quorum:
            out.state = ElectionState::no_quorum;
            break;
        case ring::ElectionStatus::finished:
            out.state = ElectionState::finished;
            break;
    }
    return out;
}

RingGroup RingMembership::view_of(const ring::CensusGroup& census) const {
    RingGroup group;
    group.name = census.name;
    group.election = election_of(census, ring::RumorKind::election);
    group.update_election = election_of(census, ring::RumorKind::election_update);
    group.config_version = census.config_incarnation;
    for (const ring::CensusMember& member : census.members)
        group.members.push_back(member_of(member));
    return group;
}

RingGroupPtr RingMembership::group(const std::string& name) {
    const auto census = node().census(name);
    if (census == nullptr) return nullptr;
    Seen& seen = seen_[name];
    const bool known = seen.group != nullptr && seen.census == census;
    if (known && same(seen.group->election, election_of(*census, ring::RumorKind::election)) &&
        same(seen.group->update_election, election_of(*census, ring::RumorKind::election_update))) {
        return seen.group;
    }
    seen.census = census;
    seen.group = std::make_shared<const RingGroup>(view_of(*census));
    return seen.group;
}

std::optional<RingGroup> RingMembership::look(const std::string& name) const {
    const auto census = node().census(name);
    if (census == nullptr) return std::nullopt;
    return view_of(*census);
}

bool RingMembership::is_mine_alone(const std::string& name) const {
    const auto census = node().census(name);
    if (census == nullptr) return true;
    const bool others = std::any_of(census->members.begin(), census->members.end(),
                                    [this](const auto& member) { return member.id != id_; });
    return !others && census->config == nullptr && census->files.empty() &&
           node().election(ring::RumorKind::election, name) == nullptr &&
           node().election(ring::RumorKind::election_update, name) == nullptr;
}

std::string RingMembership::decrypted(std::string_view text, bool encrypted,
                                      std::string_view what) const {
    check_size(what, text.size());
    return encrypted ? crypto::decrypt_box(text, keys_, what) : std::string(text);
}

std::optional<RingText> RingMembership::config(const std::string& group) const {
    const auto* const held = node().rumors().find({ring::RumorKind::service_config, group, {}, {}});
    ring::Rumor rumor;
    if (held == nullptr || ring::decode_rumor(*held->bytes, rumor) != ring::Refusal::none)
        return std::nullopt;
    const auto& config = std::get<ring::ConfigRumor>(rumor.body);
    const std::string what =
        fmt::format("version {} of the ring's configuration of {}", held->version, group);
    return RingText{held->version, decrypted(config.config, config.encrypted, what)};
}

std::vector<RingMembership::File> RingMembership::files(const std::string& group) const {
    std::vector<File> out;
    const auto& all = node().rumors().all();
    for (auto at = all.lower_bound({ring::RumorKind::service_file, group, {}, {}});
         at != all.end() && at->first.kind == ring::RumorKind::service_file &&
         at->first.group == group;
         ++at) {
        if (out.size() == most_group_files) break;
        if (is_plain_name(at->first.name)) out.push_back({at->first.name, at->second.version});
    }
    return out;
}

std::string RingMembership::file_body(const std::string& group, const std::string& name) const {
    const auto* const held = node().rumors().find({ring::RumorKind::service_file, group, {}, name});
    ring::Rumor rumor;
    if (held == nullptr || ring::decode_rumor(*held->bytes, rumor) != ring::Refusal::none) {
        throw Error(ErrorCode::not_found, fmt::format("{} has no file '{}'", group, name));
    }
    const auto& file = std::get<ring::FileRumor>(rumor.body);
    return decrypted(file.body, file.encrypted,
                     fmt::format("version {} of the file '{}' of {}", held->version, name, group));
}

bool RingMembership::may_be_file(std::string_view name) noexcept {
    return is_plain_name(name);
}

}  // namespace hab::supervisor
