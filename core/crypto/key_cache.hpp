// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "crypto/box.hpp"
#include "crypto/key_file.hpp"
#include "crypto/ring_key.hpp"
#include "crypto/signing.hpp"

namespace hab::crypto {

/// A directory of key files. Public files get mode 0444, secret ones 0400, the directory (when it
/// has to be created) 0755; files are written atomically, an equal file is left alone and a
/// different one is never replaced. Holds no state but the path; safe from several processes.
class KeyCache {
public:
    explicit KeyCache(fs::path dir) : dir_(std::move(dir)) {}
    /// HAB_CACHE_KEY_PATH, else the default of the paths.
    [[nodiscard]] static KeyCache from(const Paths& paths) { return KeyCache(paths.key_cache()); }

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }

    /// Stores the text of an origin's signing key, either half, after checking it. Throws crypto for
    /// text that is none, already_exists (naming both hashes) when the cache has another key of that
    /// name. Returns the path of the key's file.
    fs::path import(std::string_view text, std::string_view what) const;
    /// Stores both parts, public first.
    void store(const SigningKeyPair& pair) const;
    void store(const BoxKeyPair& pair) const;
    void store(const RingKey& key) const;
    /// Stores the text of a ring key after checking it; errors and result as for import().
    fs::path import_ring_key(std::string_view text, std::string_view what) const;

    /// The exact revision. Throws crypto with a hint how to get the key when it is not there.
    [[nodiscard]] SigningPublicKey public_key(const KeyName& name) const;
    [[nodiscard]] SigningSecretKey secret_key(const KeyName& name) const;
    /// Encryption keys of users and services, by exact revision.
    [[nodiscard]] BoxPublicKey box_public_key(const KeyName& name) const;
    [[nodiscard]] BoxSecretKey box_secret_key(const KeyName& name) const;
    [[nodiscard]] RingKey ring_key(const KeyName& name) const;
    /// The newest revision of the ring's key. Throws crypto if there is none.
    [[nodiscard]] RingKey latest_ring_key(std::string_view ring) const;
    /// The newest revision of exactly this origin ("core" never matches "core-plans-…").
    [[nodiscard]] SigningPublicKey latest_public_key(std::string_view origin) const;
    [[nodiscard]] SigningSecretKey latest_secret_key(std::string_view origin) const;
    /// Whether there is a secret key at all; cheap check before long work.
    [[nodiscard]] bool has_secret_key(std::string_view origin) const;

    /// Names of all keys of that kind and exact name, oldest first.
    [[nodiscard]] std::vector<KeyName> revisions(std::string_view name, KeyKind kind) const;
    /// Names of all public signing keys, sorted. Encryption keys, whose files look the same, and
    /// files that are no keys are left out.
    [[nodiscard]] std::vector<KeyName> signing_keys() const;
    /// Path of a key's file, whether it exists or not.
    [[nodiscard]] fs::path path_of(const KeyName& name, KeyKind kind) const;

private:
    [[nodiscard]] std::string read(const KeyName& name, KeyKind kind) const;
    /// Names of the files with that kind's extension.
    [[nodiscard]] std::vector<KeyName> files(KeyKind kind) const;
    [[nodiscard]] bool is_of_kind(const KeyName& name, KeyKind kind) const;
    [[nodiscard]] KeyName latest(std::string_view origin, KeyKind kind) const;
    fs::path dir_;
};

}  // namespace hab::crypto
