// SPDX-License-Identifier: Apache-2.0
// What the commands about origin keys share.
#pragma once

#include <string>
#include <string_view>

#include "base/terminal.hpp"
#include "crypto/key_cache.hpp"
#include "package/origin_trust.hpp"

namespace hab::cli {

/// The public key of "ORIGIN-REVISION" in the cache. Throws usage if the text is no such name,
/// crypto if the key is not there.
[[nodiscard]] crypto::SigningPublicKey named_key(std::string_view text,
                                                 const crypto::KeyCache& cache);

/// The public half of a signing key's text, whichever half it is. Throws crypto for other text.
[[nodiscard]] crypto::SigningPublicKey public_half(std::string_view text, std::string_view what);

/// Makes a pair, stores it, and trusts it.
crypto::SigningKeyPair generate_trusted_pair(std::string_view origin, WallTime now,
                                             const crypto::KeyCache& cache,
                                             const package::OriginTrust& trust);

/// Says that a key was stored, but does not count because its origin is pinned to others.
void warn_if_pinned_without(const package::OriginTrust& trust, const crypto::KeyName& name,
                            Terminal& terminal);

}  // namespace hab::cli
