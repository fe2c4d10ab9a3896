// SPDX-License-Identifier: Apache-2.0
#include "gossip/strict_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hab::gossip {
namespace {

constexpr std::size_t most_text = 4096;

bool is_strict(const ring::Seal& seal, const fs::path& identity, bool demanded) {
    const auto& keys = seal.keys();
    const auto named = [](const crypto::RingKey& key) { return key.strict(); };
    if (!keys.empty() && std::all_of(keys.begin(), keys.end(), named)) return true;
    const std::string which =
        keys.empty()
            ? "there is no ring key"
            : fmt::format("the ring key {} names no admins",
                          std::find_if_not(keys.begin(), keys.end(), named)->name().to_string());
    if (std::any_of(keys.begin(), keys.end(), named)) {
        throw Error(ErrorCode::conflict,
                    fmt::format("cannot enter a strict ring: {}, and another live key does", which),
                    "take the key without admins out of the key cache: who has it could speak "
                    "unsigned");
    }
    if (demanded) {
        throw Error(ErrorCode::usage, fmt::format("--ring-strict cannot be kept: {}", which),
                    "make a key for a strict ring with hab ring key generate RING --strict");
    }
    if (fs::exists(identity)) {
        throw Error(ErrorCode::conflict,
                    fmt::format("this supervisor is a member of a strict ring, but {}", which),
                    fmt::format("start it with the strict ring's key; to leave that ring for good, "
                                "remove '{}'",
                                identity.string()));
    }
    return false;
}

crypto::Identity load_identity(const fs::path& file, WallTime now) {
    if (const auto text = read_file_if_exists(file, most_text))
        return crypto::Identity::from_text(*text, fmt::format("'{}'", file.string()));
    make_directories(file.parent_path());
    crypto::Identity fresh = crypto::Identity::generate("member", now);
    write_file_atomic(file, fresh.to_text(), {.mode = 0400});
    return fresh;
}

/// The secret half of an admin's key that this machine holds.
std::optional<crypto::Identity> admin_here(const crypto::KeyCache& cache, const std::string& ring,
                                           const std::vector<crypto::PublicKey>& admins) {
    for (const crypto::KeyName& name :
         cache.revisions(ring + "-admin", crypto::KeyKind::signing_secret)) {
        const fs::path file = cache.path_of(name, crypto::KeyKind::signing_secret);
        const auto text = read_file_if_exists(file, most_text);
        if (!text) continue;
        auto key = crypto::Identity::from_text(*text, fmt::format("'{}'", file.string()));
        if (std::find(admins.begin(), admins.end(), key.public_key()) != admins.end()) return key;
    }
    return std::nullopt;
}

}  // namespace

std::shared_ptr<const ring::StrictRing> enter_strictly(const ring::Seal& seal, bool demanded,
                                                       const crypto::KeyCache& cache,
                                                       const fs::path& state_dir, WallTime now) {
    const fs::path file = state_dir / "ring.identity";
    if (!is_strict(seal, file, demanded)) return nullptr;
    const std::string ring = seal.keys().front().name().name;
    std::vector<crypto::PublicKey> admins;
    for (const crypto::RingKey& key : seal.keys())
        admins.insert(admins.end(), key.admins().begin(), key.admins().end());
    auto admin = admin_here(cache, ring, admins);
    const auto since =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
    return std::make_shared<const ring::StrictRing>(
        ring::StrictRing{ring, load_identity(file, now), std::move(admins), std::move(admin),
                         static_cast<std::uint64_t>(std::max<std::int64_t>(since.count(), 0))});
}

}  // namespace hab::gossip
