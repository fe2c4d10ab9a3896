// SPDX-License-Identifier: Apache-2.0
// Which signing keys speak for an origin on this machine. docs/formats/keys.md ("Trust").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/paths.hpp"
#include "crypto/signing.hpp"

namespace hab::package {

/// How a key came to be trusted.
enum class TrustReason {
    first_use,  ///< the first key ever seen of its origin
    generated,  ///< made here (`hab origin key generate`)
    imported,   ///< brought by the operator (`hab origin key import`)
    trusted,    ///< named by the operator (`hab origin key trust` or `pin`)
};
/// "first-use", "generated", "imported", "trusted".
[[nodiscard]] std::string_view to_string(TrustReason reason) noexcept;

struct TrustedKey {
    crypto::KeyName name;
    std::string fingerprint;  ///< SigningPublicKey::fingerprint
    TrustReason reason = TrustReason::first_use;
    std::string since;  ///< UTC, YYYYMMDDHHMMSS
    bool pinned = false;
};

/// What is known of one origin.
struct OriginRecord {
    std::vector<TrustedKey> keys;  ///< oldest revision first

    /// An origin with a pinned key is pinned: only its pinned keys count.
    [[nodiscard]] bool pinned() const noexcept;
    [[nodiscard]] const TrustedKey* find(const crypto::KeyName& name) const noexcept;
    /// Whether this entry is one whose signatures count now.
    [[nodiscard]] bool counts(const TrustedKey& key) const noexcept {
        return !pinned() || key.pinned;
    }
};

/// Answer of OriginTrust::check for a key that is not refused.
enum class TrustAnswer {
    trusted,
    first_use,  ///< nothing is known of the origin yet; admit() will remember this key
};

/// The operator's memory of keys: one small text file per origin. The first key that signs for an
/// unknown origin is remembered; from then on, a key that merely appeared in the key cache is
/// refused until the operator trusts it, and a revision whose bytes changed is refused always.
///
/// Holds nothing but a path. Files are replaced atomically, changes are made under a lock that dies
/// with its process, so threads and processes may use one store at the same time. Every call throws
/// invalid_input, naming file and line, when the origin's file is damaged: an origin that was known
/// once never turns into an unknown one by accident.
class OriginTrust {
public:
    explicit OriginTrust(fs::path dir) : dir_(std::move(dir)) {}
    /// /hab/etc/trust for root, ~/.hab/etc/trust for others.
    [[nodiscard]] static OriginTrust from(const Paths& paths) {
        return OriginTrust(paths.etc() / "trust");
    }

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }

    /// Whether signatures of this key count. Throws crypto, with the command that would change it,
    /// when they do not. Changes nothing.
    TrustAnswer check(const crypto::SigningPublicKey& key) const;
    /// As check, and remembers a key of first use. To be called when everything that the key signed
    /// has been verified, before it is put to use.
    void admit(const crypto::SigningPublicKey& key) const;

    /// The operator vouches for a key. Throws crypto if another key of that name is trusted.
    /// A pinned origin stays as it is: the key is remembered, but does not count.
    void trust(const crypto::SigningPublicKey& key, TrustReason reason) const;
    /// Whether trust() would succeed, for callers that want to know before they store a key.
    void require_trustable(const crypto::SigningPublicKey& key) const;
    /// From now on exactly these keys of the origin count. All keys must be of one origin.
    void pin(const std::vector<crypto::SigningPublicKey>& keys) const;
    /// Every remembered key counts again. Throws not_found when the origin is not pinned.
    void unpin(std::string_view origin) const;

    [[nodiscard]] OriginRecord read(std::string_view origin) const;
    /// Names of all origins with a record, sorted.
    [[nodiscard]] std::vector<std::string> origins() const;

private:
    [[nodiscard]] fs::path file_of(std::string_view origin) const;
    void write(std::string_view origin, const OriginRecord& record) const;
    [[nodiscard]] UniqueFd lock() const;

    fs::path dir_;
};

}  // namespace hab::package
