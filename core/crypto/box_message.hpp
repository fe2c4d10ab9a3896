// SPDX-License-Identifier: Apache-2.0
// BOX-1: service configuration and files encrypted by a user for a service group. Five lines:
// format, the user's key, the service's key, nonce and ciphertext in base64. docs/formats/keys.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/box.hpp"
#include "crypto/key_cache.hpp"

namespace hab::crypto {

using BoxNonce = std::array<std::byte, 24>;

/// The text that only `service`'s secret half and `user` can read. A nonce must never serve twice:
/// leave it out and it is random.
[[nodiscard]] std::string encrypt_box(const BoxSecretKey& user, const BoxPublicKey& service,
                                      std::string_view plain,
                                      const std::optional<BoxNonce>& nonce = {});

/// Whose key a BOX-1 text is from and for, without any key.
struct BoxMessage {
    KeyName user;
    KeyName service;
    BoxNonce nonce;
    Bytes sealed;  ///< tag, then ciphertext
};
/// Throws crypto, with a sentence of its own for each of: another format, a missing line, a bad key
/// name, bad base64, a nonce that is not 24 bytes, a ciphertext that is shorter than its tag. Lines
/// may end in CRLF, and a newline may follow the last. `what` names the text in the sentence.
[[nodiscard]] BoxMessage parse_box(std::string_view text, std::string_view what);

/// The plain text. Needs the user's public and the service's secret key in the cache; throws crypto
/// if one is missing or the text was not made with them.
[[nodiscard]] std::string decrypt_box(std::string_view text, const KeyCache& cache,
                                      std::string_view what);

}  // namespace hab::crypto
