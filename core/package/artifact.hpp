// SPDX-License-Identifier: Apache-2.0
// The signed envelope of .hart files (and of the FILES metafile): header, then payload.
// docs/formats/hart.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "crypto/key_name.hpp"
#include "crypto/signing.hpp"

namespace hab::package {

/// The five header lines.
struct ArtifactHeader {
    std::string format;     ///< "HART-1"
    crypto::KeyName key;    ///< signer
    std::string hash_type;  ///< "BLAKE2b"
    std::string
        signature_base64;    ///< combined signature: 64 bytes, then the hash as 64 hex characters
    std::size_t length = 0;  ///< bytes before the payload
};

/// Opens an artifact for reading; throws as open_file, with a hint.
[[nodiscard]] UniqueFd open_artifact(const fs::path& path);

/// Reads the header at the start of an open file; leaves the position anywhere. Throws crypto with
/// a sentence of its own for every way a header can be wrong; lines are bounded. `what` names the
/// file.
[[nodiscard]] ArtifactHeader read_artifact_header(int fd, std::string_view what);
[[nodiscard]] ArtifactHeader read_artifact_header(const fs::path& path);
/// As above, from the first bytes of a file (at most 4096 are looked at).
[[nodiscard]] ArtifactHeader parse_artifact_header(std::string_view start, std::string_view what);

/// The hash inside the header's signature, after checking the signature with the key of the cache.
/// Throws crypto: key not found, signature bad, hash text bad.
[[nodiscard]] std::string open_signature(const ArtifactHeader& header, const crypto::KeyCache& keys,
                                         std::string_view what);
/// As above with a key that the caller took from the cache, to judge it too.
[[nodiscard]] std::string open_signature(const ArtifactHeader& header,
                                         const crypto::SigningPublicKey& key,
                                         std::string_view what);

struct VerifiedArtifact {
    crypto::KeyName signer;
    std::string payload_hash;  ///< BLAKE2b-256 of the payload, lower-case hex
};
/// All checks of an artifact: header, key, signature, hash of the whole payload.
[[nodiscard]] VerifiedArtifact verify_artifact(const fs::path& path, const crypto::KeyCache& keys);
/// As above from an open file, from offset 0.
[[nodiscard]] VerifiedArtifact verify_artifact(int fd, const crypto::KeyCache& keys,
                                               std::string_view what);

/// Throws crypto unless the two hashes are equal; constant time.
void require_same_hash(std::string_view signed_hash, std::string_view actual,
                       std::string_view what);

/// Header text for a payload with this hash.
[[nodiscard]] std::string make_artifact_header(std::string_view payload_hash,
                                               const crypto::SigningSecretKey& key);
/// Length of the header that make_artifact_header makes with this key: fixed by the key's name.
[[nodiscard]] std::size_t artifact_header_length(const crypto::KeyName& key);

/// Envelope around a short text (the FILES metafile).
[[nodiscard]] std::string sign_text(std::string_view payload, const crypto::SigningSecretKey& key);
/// Writes `destination` = envelope around the bytes of `source`. Atomic: a failure leaves no file.
void sign_file(const fs::path& source, const fs::path& destination,
               const crypto::SigningSecretKey& key);

}  // namespace hab::package
