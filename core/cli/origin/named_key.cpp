// SPDX-License-Identifier: Apache-2.0
#include "cli/origin/named_key.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {

crypto::SigningPublicKey named_key(std::string_view text, const crypto::KeyCache& cache) {
    const auto name = crypto::KeyName::parse(text);
    if (name) return cache.public_key(*name);
    throw Error(ErrorCode::usage, fmt::format("'{}' is not the name and revision of a key", text),
                "write ORIGIN-REVISION, for example acme-20260101000000; 'hab origin key list' "
                "shows those that are here");
}

crypto::SigningPublicKey public_half(std::string_view text, std::string_view what) {
    crypto::KeyText key = crypto::parse_key(text, what);
    const crypto::KeyKind kind = key.kind;
    crypto::wipe(key.bytes);
    if (kind == crypto::KeyKind::signing_secret) {
        return crypto::SigningSecretKey::from_text(text, what).public_key();
    }
    return crypto::SigningPublicKey::from_text(text, what);
}

crypto::SigningKeyPair generate_trusted_pair(std::string_view origin, WallTime now,
                                             const crypto::KeyCache& cache,
                                             const package::OriginTrust& trust) {
    auto pair = crypto::SigningKeyPair::generate(
        origin, free_revision(cache, origin, crypto::KeyKind::signing_public, now));
    trust.require_trustable(pair.public_key);  // before the key is stored
    cache.store(pair);
    trust.trust(pair.public_key, package::TrustReason::generated);
    return pair;
}

void warn_if_pinned_without(const package::OriginTrust& trust, const crypto::KeyName& name,
                            Terminal& terminal) {
    const package::OriginRecord record = trust.read(name.name);
    const package::TrustedKey* key = record.find(name);
    if (key == nullptr || record.counts(*key)) return;
    terminal.warn(
        fmt::format("the origin '{}' is pinned to other keys: '{}' does not count until "
                    "it is named in 'hab origin key pin'",
                    name.name, name.to_string()));
}

}  // namespace hab::cli
