// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/ring_membership.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "ring/codec/codec.hpp"

namespace hab::supervisor {
namespace {

crypto::KeyCache cache_of(const RingSettings& settings, const Paths& paths) {
    return settings.key_dir.empty() ? crypto::KeyCache::from(paths)
                                    : crypto::KeyCache(settings.key_dir);
}

std::uint64_t seed_from(Entropy& entropy) {
    std::uint64_t seed = 0;
    entropy.fill(std::as_writable_bytes(std::span(&seed, 1)));
    return seed;
}

ring::IpAddress own_address(const std::string& text) {
    const auto address = ring::IpAddress::parse(text);
    if (address && address->usable()) return *address;
    throw Error(ErrorCode::usage,
                fmt::format("a member of a strict ring signs its address, and '{}' is none", text),
                "say where others reach this machine with --sys-ip-address");
}

}  // namespace

RingMembership::RingMembership(const Surroundings& around, const RingSettings& settings)
    : around_(around),
      keys_(cache_of(settings, around.paths)),
      persistent_(settings.permanent_peer) {
    const auto id = ring::MemberId::parse(around_.system.member_id);
    if (!id) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("'{}' cannot be the id of a member of a ring", around_.system.member_id),
            "remove MEMBER_ID in the supervisor's directory; a new one is made");
    }
    id_ = *id;
    gossip::RingOptions options;
    options.config.id = id_;
    options.config.persistent = persistent_;
    options.config.seed = seed_from(around_.entropy);
    options.listen = listen_address(settings.listen);
    options.config.strict = settings.identity;
    // Members of a strict ring sign where they are reached.
    if (settings.identity != nullptr)
        options.config.advertised =
            options.listen.ip.usable() ? options.listen.ip : own_address(around_.system.ip);
    options.seal = seal_of(settings, keys_);
    options.state_dir = around_.paths.sup() / "data";
    for (const std::string& peer : settings.peers)
        options.peers.push_back(peer_address(peer));
    sealed_ = options.seal.keyed();
    driver_ = std::make_unique<gossip::RingDriver>(
        around_.loop, around_.clock, std::move(options),
        [this](const ring::Event& event) { took_place(event); },
        [this](const Error& problem) { say(problem.message()); });
    if (departed_) {
        throw Error(ErrorCode::denied,
                    fmt::format("this supervisor ({}) was sent away from its ring for good",
                                around_.system.member_id),
                    fmt::format("to let it join as a new member, remove MEMBER_ID, "
                                "data/ring.snapshot and data/ring.log in {}",
                                around_.paths.sup().string()));
    }
    started_ = true;
}

RingMembership::~RingMembership() = default;

void RingMembership::say(std::string_view text) {
    around_.events.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", std::string(text)});
}

void RingMembership::add_peer(const ring::Endpoint& peer) {
    driver_->command(ring::AddPeer{peer});
}

void RingMembership::took_place(const ring::Event& event) {
    switch (event.kind) {
        case ring::EventKind::member_changed:
            member_changed(event);
            break;
        case ring::EventKind::census_changed:
            changed_.insert(event.group);
            flush_soon();
            break;
        case ring::EventKind::leader_changed:
            if (started_) {
                around_.events.publish(LeaderChanged{
                    event.group,
                    event.rumor == ring::RumorKind::election ? "leader" : "update leader",
                    event.member.empty() ? std::string() : event.member.to_string(), event.number});
            }
            changed_.insert(event.group);
            flush_soon();
            break;
        case ring::EventKind::self_departed:
            departed_ = true;
            flush_soon();
            break;
        case ring::EventKind::refused:
            ++refused_;
            log::debug("ring", "a message was dropped: {}", event.text);
            break;
    }
}

void RingMembership::member_changed(const ring::Event& event) {
    // What the disk remembers is no news.
    if (!started_) return;
    std::string address;
    if (const auto slot = node().members().find(event.member))
        address = node().members().contact(*slot).address.to_string();
    around_.events.publish(MemberChanged{event.member.to_string(), std::move(address),
                                         std::string(ring::to_string(event.health)), event.number});
}

void RingMembership::flush_soon() {
    if (std::exchange(flush_due_, true)) return;
    boost::asio::post(around_.loop, [this, alive = std::weak_ptr<char>(alive_)] {
        if (!alive.expired()) flush();
    });
}

void RingMembership::flush() {
    flush_due_ = false;
    if (departed_ && !ending_) {
        ending_ = true;
        if (callbacks_.departed) callbacks_.departed();
    }
    if (ending_) return;
    const auto groups = std::exchange(changed_, {});
    for (const std::string& group : groups) {
        try {
            correct_own(group);
        } catch (const Error& error) {
            // The others' news are not lost over it.
            say(fmt::format("cannot correct what the ring says of this member in {}: {}", group,
                            error.message()));
        }
    }
    if (callbacks_.groups_changed) callbacks_.groups_changed(groups);
}

void RingMembership::announce(const std::string& group, const Announcement& announcement) {
    if (!ending_) tell_if_new(group, announcement);
    announced_[group] = announcement;
}

void RingMembership::withdraw(const std::string& group) {
    announced_.erase(group);
    correct_own(group);
}

void RingMembership::withdraw_forgotten() {
    settled_ = true;
    std::vector<std::string> groups;
    for (const auto& [key, held] : node().rumors().all()) {
        if (key.kind == ring::RumorKind::service && key.member == id_ && !held.gone)
            groups.push_back(key.group);
    }
    for (const std::string& group : groups)
        correct_own(group);
}

/// Makes what the ring says of this member's service in the group true. A peer that still has what
/// was said before this member lost its memory would otherwise be believed.
void RingMembership::correct_own(const std::string& group) {
    if (ending_) return;
    const auto wanted = announced_.find(group);
    if (wanted == announced_.end()) {
        const auto* const held = node().rumors().find({ring::RumorKind::service, group, id_, {}});
        if (held == nullptr || held->gone || !settled_) return;
        ring::Rumor said;
        if (ring::decode_rumor(*held->bytes, said) != ring::Refusal::none) return;
        const auto& service = std::get<ring::ServiceRumor>(said.body);
        tell(group, Announcement{std::string(service.ident), {}, false, 0}, held->version + 1,
             true);
        return;
    }
    tell_if_new(group, wanted->second);
}

void RingMembership::tell_if_new(const std::string& group, const Announcement& announcement) {
    const auto* const held = node().rumors().find({ring::RumorKind::service, group, id_, {}});
    if (held == nullptr || !is_said(*held, group, announcement))
        tell(group, announcement, held == nullptr ? 1 : held->version + 1, false);
}

ring::ServiceRumor RingMembership::rumor_of(const std::string& group,
                                            const Announcement& announcement) const {
    const SystemState& system = around_.system;
    ring::ServiceRumor rumor;
    rumor.member = id_;
    rumor.group = group;
    rumor.initialized = announcement.initialized;
    rumor.ident = announcement.ident;
    rumor.config = announcement.config;
    rumor.package_incarnation = announcement.package_incarnation;
    rumor.system.ip = system.ip;
    rumor.system.hostname = system.hostname;
    rumor.system.gossip_ip = system.gossip_ip;
    rumor.system.gossip_port = system.gossip_port;
    rumor.system.http_ip = system.http_gateway_ip;
    rumor.system.http_port = system.http_gateway_port;
    rumor.system.control_ip = system.ctl_gateway_ip;
    rumor.system.control_port = system.ctl_gateway_port;
    return rumor;
}

bool RingMembership::is_said(const ring::HeldRumor& held, const std::string& group,
                             const Announcement& announcement) const {
    ring::Rumor said;
    if (held.gone || ring::decode_rumor(*held.bytes, said) != ring::Refusal::none) return false;
    auto wanted = rumor_of(group, announcement);
    wanted.incarnation = held.version;
    return std::get<ring::ServiceRumor>(said.body) == wanted;
}

void RingMembership::tell(const std::string& group, const Announcement& announcement,
                          std::uint64_t incarnation, bool gone) {
    auto body = rumor_of(group, announcement);
    body.incarnation = incarnation;
    body.gone = gone;
    inject({ring::RumorKind::service, around_.system.member_id, body});
}

void RingMembership::inject(const ring::Rumor& rumor) {
    const std::string bytes = ring::encoded(rumor);
    driver_->command(ring::Inject{bytes});
}

void RingMembership::leave() {
    if (std::exchange(ending_, true)) return;
    driver_->command(ring::Leave{});
}

}  // namespace hab::supervisor
