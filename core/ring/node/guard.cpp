// SPDX-License-Identifier: Apache-2.0
#include "ring/node/guard.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/bytes.hpp"
#include "ring/codec/trailer.hpp"

namespace hab::ring {
namespace {

/// Senders whose numbers are kept. Who fills it with invented identities shuts out nobody: without a
/// window a message is only believed to be new.
constexpr std::size_t most_windows = 65536;

void put(std::string& out, std::uint64_t number) {
    for (unsigned i = 0; i < 8; ++i)
        out.push_back(static_cast<char>(number >> (8 * i)));
}

template <typename Array>
void put_raw(std::string& out, const Array& bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string proof_of(const crypto::Identity& identity, std::string_view text) {
    std::string proof;
    proof.reserve(proof_size);
    put_raw(proof, identity.public_key());
    put_raw(proof, identity.sign(text));
    return proof;
}

std::span<const std::byte, 32> key_in(std::string_view proof) {
    return as_bytes(proof).first<32>();
}

bool holds(std::string_view proof, std::string_view text) {
    return proof.size() == proof_size &&
           crypto::verifies(key_in(proof), text, as_bytes(proof).last<64>());
}

bool is_by(std::string_view proof, const MemberId& id) {
    return proof.size() == proof_size && member_id_of(key_in(proof)) == id;
}

}  // namespace

Guard::Guard(std::shared_ptr<const StrictRing> ring)
    : ring_(std::move(ring)), number_(ring_ ? ring_->epoch : 0) {}

std::string Guard::about(std::string_view what) const {
    std::string text = "hab ring ";
    text.append(what).push_back('\0');
    text.append(ring_->ring).push_back('\0');
    return text;
}

std::string Guard::member_text(const Member& member) const {
    std::string text = about("member");
    put_raw(text, member.id.bytes);
    put(text, member.incarnation);
    put_raw(text, member.address.bytes);
    put(text, std::uint64_t{member.swim_port} << 16 | member.gossip_port);
    text.push_back(static_cast<char>((member.persistent ? 1 : 0) | (member.departed ? 2 : 0)));
    return text;
}

std::string Guard::prove(const Member& self) const {
    return proof_of(ring_->identity, member_text(self));
}

bool Guard::proves(const Member& member) const {
    return is_by(member.proof, member.id) && holds(member.proof, member_text(member));
}

void Guard::sign_message(Plane plane, std::string& bytes) {
    codec::begin_trailer(bytes, ring_->identity.public_key(), ++number_);
    std::string text = about(plane == Plane::datagram ? "datagram" : "stream");
    text.append(bytes);
    put_raw(bytes, ring_->identity.sign(text));
}

Refusal Guard::check_message(Plane plane, std::string_view bytes, const MemberId& sender,
                             std::optional<std::uint64_t> asked) {
    const auto trailer = codec::read_trailer(bytes);
    if (!trailer || member_id_of(trailer->key) != sender) return Refusal::not_signed;
    const std::pair key{sender, plane};
    const auto known = windows_.find(key);
    // First what costs nothing: somebody may repeat what he heard at line rate.
    if (!asked && known != windows_.end() && known->second.seen(trailer->number))
        return Refusal::replayed;
    std::string text = about(plane == Plane::datagram ? "datagram" : "stream");
    text.append(trailer->body);
    if (!crypto::verifies(trailer->key, text, trailer->signature)) return Refusal::not_signed;
    if (known == windows_.end() && windows_.size() >= most_windows) return Refusal::none;
    // Its clock went back, or its disk: it is who it is all the same. An answer that was only held
    // up bears a number above all that were heard when we asked, and changes nothing.
    if (asked && trailer->number <= *asked) count_anew(sender, trailer->number);
    windows_[key].note(trailer->number);
    return Refusal::none;
}

std::uint64_t Guard::highest(const MemberId& sender) const {
    std::uint64_t highest = 0;
    for (const Plane plane : {Plane::datagram, Plane::stream}) {
        const auto found = windows_.find({sender, plane});
        if (found != windows_.end()) highest = std::max(highest, found->second.highest());
    }
    return highest;
}

void Guard::count_anew(const MemberId& sender, std::uint64_t number) {
    for (const Plane plane : {Plane::datagram, Plane::stream}) {
        const auto found = windows_.find({sender, plane});
        if (found != windows_.end() && found->second.seen(number)) found->second.restart(number);
    }
}

bool Guard::is_admin(std::span<const std::byte, 32> key) const noexcept {
    return std::any_of(ring_->admins.begin(), ring_->admins.end(), [&](const auto& admin) {
        return std::equal(admin.begin(), admin.end(), key.begin());
    });
}

bool Guard::sign_rumor(const RumorHead& head, std::string& bytes) const {
    const bool service = head.kind == RumorKind::service;
    if (!service && !ring_->admin) return false;
    if (service && head.member != ring_->id()) return false;
    const crypto::Identity& signer = service ? ring_->identity : *ring_->admin;
    const std::string text = about("rumor") + bytes;
    codec::append_rumor_proof(bytes, proof_of(signer, text));
    return true;
}

bool Guard::admits(const RumorHead& head, std::string_view bytes) const {
    const auto proven = codec::read_rumor_proof(bytes);
    if (!proven) return false;
    const bool theirs = head.kind == RumorKind::service ? is_by(proven->proof, head.member)
                                                        : is_admin(key_in(proven->proof));
    return theirs && holds(proven->proof, about("rumor").append(proven->body));
}

std::string Guard::accusation_text(const Accusation& accusation) const {
    std::string text = about("accusation");
    put_raw(text, accusation.member.bytes);
    put(text, accusation.incarnation);
    return text;
}

std::string Guard::prove(const Accusation& accusation) const {
    return proof_of(ring_->identity, accusation_text(accusation));
}

bool Guard::proves(const Accusation& accusation, std::string_view proof) const {
    return is_by(proof, accusation.accuser) && holds(proof, accusation_text(accusation));
}

std::string Guard::claim_text(const Claim& claim) const {
    std::string text = about("claim");
    text.push_back(static_cast<char>(claim.kind));
    put(text, claim.term);
    put(text, claim.suitability);
    text.push_back(static_cast<char>(claim.status));
    put_raw(text, claim.candidate.bytes);
    return text.append(claim.group);
}

std::string Guard::prove_claim(const Claim& claim) const {
    return proof_of(ring_->identity, claim_text(claim));
}

bool Guard::proves_claim(const Claim& claim, std::string_view proof) const {
    return is_by(proof, claim.candidate) && holds(proof, claim_text(claim));
}

std::string Guard::vote_text(const Claim& claim) const {
    std::string text = about("vote");
    text.push_back(static_cast<char>(claim.kind));
    put(text, claim.term);
    put_raw(text, claim.candidate.bytes);
    return text.append(claim.group);
}

std::string Guard::prove_vote(const Claim& claim) const {
    return proof_of(ring_->identity, vote_text(claim));
}

bool Guard::proves_vote(const Claim& claim, const MemberId& voter, std::string_view proof) const {
    return is_by(proof, voter) && holds(proof, vote_text(claim));
}

}  // namespace hab::ring
