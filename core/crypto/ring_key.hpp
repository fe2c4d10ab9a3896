// SPDX-License-Identifier: Apache-2.0
// Ring keys: the one secret that all supervisors of a ring share. docs/formats/keys.md.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/identity.hpp"
#include "crypto/key_file.hpp"
#include "crypto/secret.hpp"

namespace hab::crypto {

/// Never the same twice under one key: 24 random bytes are.
using RingNonce = std::array<std::byte, 24>;
/// From libsodium's generator.
[[nodiscard]] RingNonce random_ring_nonce();

/// What a sealed text is longer than the plain one.
inline constexpr std::size_t ring_tag_size = 16;

/// XSalsa20-Poly1305 with 32 bytes (libsodium's secretbox, tag first). A value; thread-safe when
/// const.
class RingKey {
public:
    /// Throws crypto if the text is not a SYM-SEC-1 key.
    [[nodiscard]] static RingKey from_text(std::string_view text, std::string_view what);
    /// A new random key; the revision is `now` in UTC. With admins the ring is strict. Throws usage
    /// for a bad ring name.
    [[nodiscard]] static RingKey generate(std::string_view ring, WallTime now,
                                          std::vector<PublicKey> admins = {});
    RingKey(KeyName name, SecretBytes bytes, std::vector<PublicKey> admins = {});

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    /// Who may give commands to the ring, if it is strict; none in any other.
    [[nodiscard]] const std::vector<PublicKey>& admins() const noexcept { return admins_; }
    [[nodiscard]] bool strict() const noexcept { return !admins_.empty(); }
    /// The file's text; wipe it after use where that matters.
    [[nodiscard]] std::string to_text() const;

    /// Appends tag and ciphertext.
    void seal(std::string_view plain, const RingNonce& nonce, std::string& out) const;
    /// Replaces `out` by the plain text; false (and `out` empty) if the key did not seal this.
    /// Nothing is thrown but bad_alloc: the bytes come from strangers.
    [[nodiscard]] bool open(std::string_view sealed, std::span<const std::byte, 24> nonce,
                            std::string& out) const;

private:
    KeyName name_;
    SecretBytes bytes_;
    std::vector<PublicKey> admins_;
};

/// Throws usage unless the name can be that of a ring: as for users (crypto/box.hpp).
void check_ring_name(std::string_view name);

}  // namespace hab::crypto
