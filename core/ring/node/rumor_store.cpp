// SPDX-License-Identifier: Apache-2.0
#include "ring/node/rumor_store.hpp"

namespace hab::ring {

RumorKey key_of(const RumorHead& head) {
    RumorKey key;
    key.kind = head.kind;
    switch (head.kind) {
        case RumorKind::service:
            key.group = head.key;
            key.member = head.member;
            break;
        case RumorKind::service_file:
            key.group = head.key;
            key.name = head.id;
            break;
        case RumorKind::service_config:
        case RumorKind::election:
        case RumorKind::election_update:
            key.group = head.key;
            break;
        case RumorKind::departure:
        case RumorKind::member:
            key.member = head.member;
            break;
    }
    return key;
}

std::uint64_t hash_of(const RumorKey& key) noexcept {
    const std::uint64_t seed = static_cast<std::uint64_t>(key.kind);
    return hash_of(key.member, hash_of(key.name, hash_of(key.group, seed)));
}

std::shared_ptr<const std::string> RumorPool::keep(std::string_view bytes) {
    auto& slot = by_hash_[hash_of(bytes)];
    if (auto known = slot.lock(); known != nullptr && *known == bytes) return known;
    auto fresh = std::make_shared<const std::string>(bytes);
    slot = fresh;
    return fresh;
}

const HeldRumor& RumorStore::put(const RumorKey& key, std::uint64_t version, std::uint64_t rank,
                                 std::string_view bytes, bool gone) {
    const auto [place, added] = all_.try_emplace(key);
    HeldRumor& held = place->second;
    const std::uint64_t hash = hash_of(key);
    if (!added) hash_->toggle(hash, held.version, held.rank);
    held.bytes = pool_ != nullptr ? pool_->keep(bytes) : std::make_shared<const std::string>(bytes);
    held.version = version;
    held.rank = rank;
    held.gone = gone;
    held.change = ++changes_;
    hash_->toggle(hash, version, rank);
    return held;
}

void RumorStore::erase(const RumorKey& key) {
    const auto found = all_.find(key);
    if (found == all_.end()) return;
    hash_->toggle(hash_of(key), found->second.version, found->second.rank);
    all_.erase(found);
    ++changes_;
}

const HeldRumor* RumorStore::find(const RumorKey& key) const {
    const auto found = all_.find(key);
    return found == all_.end() ? nullptr : &found->second;
}

}  // namespace hab::ring
