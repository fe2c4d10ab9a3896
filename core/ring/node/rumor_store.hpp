// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ring/node/state_hash.hpp"
#include "ring/rumor.hpp"

namespace hab::ring {

/// What a rumor is about. Two rumors with the same key are versions of one thing.
struct RumorKey {
    RumorKind kind = RumorKind::service;
    std::string group;  ///< empty for departures
    MemberId member;    ///< of services and departures, else nobody
    std::string name;   ///< of files, else empty
    auto operator<=>(const RumorKey&) const = default;
};

[[nodiscard]] RumorKey key_of(const RumorHead& head);
[[nodiscard]] std::uint64_t hash_of(const RumorKey& key) noexcept;

/// Encoded rumors that several stores hold, each kept once. Only simulations share one.
class RumorPool {
public:
    [[nodiscard]] std::shared_ptr<const std::string> keep(std::string_view bytes);

private:
    std::unordered_map<std::uint64_t, std::weak_ptr<const std::string>> by_hash_;
};

struct HeldRumor {
    std::shared_ptr<const std::string> bytes;  ///< as it came: unknown fields are passed on
    std::uint64_t version = 0;
    std::uint64_t rank = 0;    ///< decides between different rumors of one version
    std::uint64_t change = 0;  ///< when it came, counted in changes of this store
    bool gone = false;         ///< of a service: it has left its group
};

/// The current version of every rumor but members.
class RumorStore {
public:
    RumorStore(StateHash& hash, RumorPool* pool) noexcept : hash_(&hash), pool_(pool) {}

    /// Replaces what was there; whether that is right was decided by the caller.
    const HeldRumor& put(const RumorKey& key, std::uint64_t version, std::uint64_t rank,
                         std::string_view bytes, bool gone = false);
    void erase(const RumorKey& key);
    [[nodiscard]] const HeldRumor* find(const RumorKey& key) const;
    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }
    /// In the order of the keys: kind, group, member, name.
    [[nodiscard]] const std::map<RumorKey, HeldRumor>& all() const noexcept { return all_; }

private:
    StateHash* hash_;
    RumorPool* pool_;
    std::map<RumorKey, HeldRumor> all_;
    std::uint64_t changes_ = 0;
};

}  // namespace hab::ring
