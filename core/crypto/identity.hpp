// SPDX-License-Identifier: Apache-2.0
// Detached Ed25519 signatures: what members of a strict ring and its admins make. Values;
// thread-safe when const.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/key_name.hpp"
#include "crypto/secret.hpp"

namespace hab::crypto {

using PublicKey = std::array<std::byte, 32>;
using Signature = std::array<std::byte, 64>;

/// A secret key that signs. Its text is that of a SIG-SEC-1 key (docs/formats/keys.md).
class Identity {
public:
    /// A new random one; the revision is `now` in UTC.
    [[nodiscard]] static Identity generate(std::string_view name, WallTime now);
    /// The same seed gives the same identity: for simulations and tests.
    [[nodiscard]] static Identity from_seed(std::string_view name,
                                            std::span<const std::byte, 32> seed);
    /// Throws crypto if the text is not a SIG-SEC-1 key, or its public half does not belong to it.
    [[nodiscard]] static Identity from_text(std::string_view text, std::string_view what);

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }
    /// The file's text; wipe it after use where that matters.
    [[nodiscard]] std::string to_text() const;
    /// Deterministic.
    [[nodiscard]] Signature sign(std::string_view message) const;

private:
    Identity(KeyName name, SecretBytes bytes);
    KeyName name_;
    SecretBytes bytes_;  // seed, then public key
    PublicKey public_;
};

/// Whether the key's secret half signed exactly this. Nothing is thrown: the bytes come from
/// strangers.
[[nodiscard]] bool verifies(std::span<const std::byte, 32> key, std::string_view message,
                            std::span<const std::byte, 64> signature) noexcept;

}  // namespace hab::crypto
