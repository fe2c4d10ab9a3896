// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/forger.hpp"

#include <fmt/format.h>

#include <array>

#include "ring/codec/codec.hpp"
#include "ring/codec/trailer.hpp"
#include "ring/node/guard.hpp"
#include "ring/sim/services.hpp"

namespace hab::ring::sim {
namespace {

/// No honest version, term or incarnation of a run gets there.
constexpr std::uint64_t forged_version = 1'000'000;
constexpr std::size_t most_remembered = 256;

std::shared_ptr<const StrictRing> nobody(std::uint64_t seed) {
    std::array<std::byte, 32> bytes{};
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<std::byte>(seed >> (8 * i));
    bytes[31] = std::byte{0xff};
    return std::make_shared<const StrictRing>(StrictRing{
        std::string(simulated_ring), crypto::Identity::from_seed("nobody", bytes), {}, {}, 0});
}

}  // namespace

Forger::Forger(Simulation& simulation, std::uint64_t seed)
    : simulation_(simulation), random_(mix(seed ^ 0x666f72676572u)), nobody_(nobody(seed)) {
    simulation_.on_sent = [this](NodeIndex from, NodeIndex to, std::string_view bytes,
                                 bool stream) { remember(from, to, bytes, stream); };
}

void Forger::remember(NodeIndex from, NodeIndex to, std::string_view bytes, bool stream) {
    Said said{to, Simulation::endpoint_of(from), std::string(bytes), stream};
    ++overheard_;
    if (said_.size() < most_remembered) {
        said_.push_back(std::move(said));
    } else if (const auto place = random_.below(overheard_); place < most_remembered) {
        said_[place] = std::move(said);
    }
}

const Forger::Said* Forger::any_said() {
    return said_.empty() ? nullptr : &said_[random_.below(said_.size())];
}

NodeIndex Forger::any_node() {
    return static_cast<NodeIndex>(random_.below(simulation_.machines().size()));
}

void Forger::act() {
    ++attempts_;
    switch (random_.below(5)) {
        case 0:
            return say_again();
        case 1:
            return say_unsigned();
        case 2:
            return damage();
        case 3:
            return slander();
        default:
            return invent_rumor();
    }
}

void Forger::say_again() {
    const Said* said = any_said();
    if (said == nullptr) return;
    const NodeIndex to = random_.chance(0.7) ? said->to : any_node();
    const Endpoint from = random_.chance(0.5) ? said->from : Simulation::endpoint_of(any_node());
    simulation_.deliver(to, from, said->bytes, said->stream);
}

void Forger::say_unsigned() {
    const Said* said = any_said();
    if (said == nullptr) return;
    std::string bytes = said->bytes;
    const auto trailer = codec::read_trailer(bytes);
    if (!trailer) return;
    if (random_.chance(0.5) || said->stream) {
        bytes.resize(bytes.size() - codec::trailer_size);
    } else {
        // As a stock node would say it, of members that are all dead.
        Swim swim;
        if (decode_swim(said->bytes, swim) != Refusal::none) return;
        swim.extension.reset();
        swim.from.proof = {};
        for (Membership& record : swim.membership) {
            record.member.proof = {};
            record.health = Health::confirmed;
        }
        bytes = encoded(swim);
    }
    simulation_.deliver(said->to, said->from, std::move(bytes), said->stream);
}

void Forger::damage() {
    const Said* said = any_said();
    if (said == nullptr) return;
    std::string bytes = said->bytes;
    char& byte = bytes[random_.below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << random_.below(8)));
    simulation_.deliver(said->to, said->from, std::move(bytes), said->stream);
}

void Forger::slander() {
    const Said* said = any_said();
    Swim swim;
    if (said == nullptr || said->stream || decode_swim(said->bytes, swim) != Refusal::none) return;
    // The member that it is from, as another or as itself at a time to come; and somebody's death.
    const bool as_itself = random_.chance(0.5);
    if (!as_itself) swim.from.incarnation += forged_version;
    if (random_.chance(0.5)) swim.from.address = Simulation::endpoint_of(any_node()).ip;
    Membership death;
    death.member = swim.from;
    death.member.id = simulation_.machines()[any_node()].id;
    death.health = random_.chance(0.5) ? Health::confirmed : Health::departed;
    death.member.incarnation = random_.chance(0.5) ? 0 : forged_version;
    swim.membership = {death};
    if (swim.extension) {
        swim.extension->rumors.clear();
        swim.extension->accusations = {{death.member.id, 0, swim.from.id}};
        swim.extension->accusation_proofs = {swim.from.proof};
    }
    std::string bytes = encoded(swim);
    if (random_.chance(0.7)) {
        Guard(nobody_).sign_message(Plane::datagram, bytes);
    }
    simulation_.deliver(said->to, said->from, std::move(bytes), false);
}

std::string Forger::forged_rumor(const MemberId& victim) {
    const std::string group = simulation_.options().group_of(0);
    const std::string from = victim.to_string();
    Rumor rumor;
    rumor.from = client_injector;
    switch (random_.below(5)) {
        case 0:
            rumor.kind = RumorKind::service_config;
            rumor.body = ConfigRumor{group, forged_version, false, "forged = true\n"};
            break;
        case 1:
            rumor.kind = RumorKind::departure;
            rumor.body = DepartureRumor{victim};
            break;
        case 2:
            rumor.kind = RumorKind::election;
            rumor.from = from;
            rumor.body =
                ElectionRumor{victim, group, forged_version, 7, ElectionStatus::finished, {victim}};
            break;
        case 3:
            rumor.kind = RumorKind::service_file;
            rumor.body = FileRumor{group, forged_version, false, "forged", "bytes"};
            break;
        default: {
            rumor.kind = RumorKind::service;
            rumor.from = from;
            ServiceRumor service;
            service.member = victim;
            service.group = group;
            service.incarnation = forged_version;
            service.ident = "forged/app/1.0.0/20240101000000";
            service.system.ip = "10.0.0.99";
            service.system.hostname = "forged";
            rumor.body = service;
        }
    }
    return encoded(rumor);
}

void Forger::pretend_signature(std::string& rumor) {
    const auto choice = random_.below(3);
    if (choice == 0) return;
    std::string proof(reinterpret_cast<const char*>(nobody_->identity.public_key().data()), 32);
    const crypto::Signature signature = nobody_->identity.sign(rumor);
    proof.append(reinterpret_cast<const char*>(signature.data()), signature.size());
    if (choice == 1) {
        // Somebody's true signature, of something else.
        const Said* said = any_said();
        Swim swim;
        if (said != nullptr && !said->stream && decode_swim(said->bytes, swim) == Refusal::none &&
            swim.from.proof.size() == proof_size)
            proof = swim.from.proof;
    }
    codec::append_rumor_proof(rumor, proof);
}

void Forger::invent_rumor() {
    std::string rumor = forged_rumor(simulation_.machines()[any_node()].id);
    pretend_signature(rumor);
    const NodeIndex to = any_node();
    const Endpoint from = Simulation::endpoint_of(any_node());
    if (random_.chance(0.5)) return simulation_.deliver(to, from, std::move(rumor), true);
    OwnMessage message;
    message.from = simulation_.machines()[any_node()].id;
    message.rumors.push_back(rumor);
    simulation_.deliver(to, from, encoded(message), true);
}

std::optional<std::string> Forger::believed() const {
    const auto& machines = simulation_.machines();
    for (NodeIndex node = 0; node < machines.size(); ++node) {
        if (machines[node].actor == nullptr || machines[node].stock) continue;
        const RingNode& ring = *machines[node].actor->ring();
        for (const auto& [key, held] : ring.rumors().all()) {
            const bool invented =
                key.kind == RumorKind::departure && !departed_.contains(key.member);
            if (held.version >= forged_version || invented)
                return fmt::format("node {} believes a forged {} rumor", node, to_string(key.kind));
        }
        const MemberTable& members = ring.members();
        for (Slot slot = 0; slot < members.bound(); ++slot) {
            if (members.used(slot) && members.at(slot).incarnation >= forged_version)
                return fmt::format("node {} believes a forged member record", node);
        }
        if (ring.incarnation() >= forged_version)
            return fmt::format("node {} was driven to a forged incarnation", node);
    }
    return std::nullopt;
}

}  // namespace hab::ring::sim
