// SPDX-License-Identifier: Apache-2.0
// Origin signing keys (Ed25519) and the signatures they make. Values; thread-safe when const.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/key_file.hpp"
#include "crypto/key_name.hpp"
#include "crypto/secret.hpp"

namespace hab::crypto {

class SigningPublicKey {
public:
    /// Throws crypto if the text is not a SIG-PUB-1 key.
    [[nodiscard]] static SigningPublicKey from_text(std::string_view text, std::string_view what);
    SigningPublicKey(KeyName name, Bytes bytes);

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    [[nodiscard]] std::string to_text() const;
    /// BLAKE2b-256 of the 32 key bytes, as hex: what two people compare over the telephone, and what
    /// the trust store remembers.
    [[nodiscard]] std::string fingerprint() const;
    /// The message inside a combined signature (64-byte signature, then message), nothing if it was
    /// not made by this key's secret part.
    [[nodiscard]] std::optional<std::string> open(std::span<const std::byte> combined) const;

private:
    KeyName name_;
    Bytes bytes_;
};

class SigningSecretKey {
public:
    /// Throws crypto if the text is not a SIG-SEC-1 key, or its public half does not belong to its
    /// seed.
    [[nodiscard]] static SigningSecretKey from_text(std::string_view text, std::string_view what);
    SigningSecretKey(KeyName name, SecretBytes bytes);

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    /// The file's text; wipe it after use where that matters.
    [[nodiscard]] std::string to_text() const;
    [[nodiscard]] SigningPublicKey public_key() const;
    /// Combined form: 64-byte Ed25519 signature, then the message. Deterministic.
    [[nodiscard]] Bytes sign(std::string_view message) const;

private:
    KeyName name_;
    SecretBytes bytes_;
};

struct SigningKeyPair {
    SigningPublicKey public_key;
    SigningSecretKey secret_key;
    /// New random keys; the revision is `now` in UTC. Throws usage for a bad origin name.
    [[nodiscard]] static SigningKeyPair generate(std::string_view origin, WallTime now);
};

}  // namespace hab::crypto
