// SPDX-License-Identifier: Apache-2.0
// The text form of keys: four lines, "<VERSION>", "<name-revision>", "", base64.
// docs/formats/keys.md.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/key_name.hpp"

namespace hab::crypto {

enum class KeyKind {
    signing_public,  ///< SIG-PUB-1, .pub, 32 bytes
    signing_secret,  ///< SIG-SEC-1, .sig.key, 64 bytes: seed, then public key
    box_public,      ///< BOX-PUB-1, .pub, 32 bytes: users, services, origin encryption
    box_secret,      ///< BOX-SEC-1, .box.key, 32 bytes
    ring_secret,     ///< SYM-SEC-1, .sym.key, 32 bytes: shared by the supervisors of a ring
};

/// What differs between kinds.
struct KeyKindInfo {
    KeyKind kind;
    std::string_view version;    ///< first line
    std::string_view extension;  ///< of the file in the cache, without the dot: "pub", "sig.key"
    std::size_t length;          ///< bytes after base64
    bool secret;
};
[[nodiscard]] const KeyKindInfo& info(KeyKind kind) noexcept;

/// One key as read from text. The caller wipes `bytes` of a secret key (SecretBytes).
struct KeyText {
    KeyName name;
    KeyKind kind;
    Bytes bytes;
};

/// Kind, name-revision and key of a key file's text. Lines may end in CRLF; lines after the fourth
/// are ignored. Throws crypto, with a sentence of its own for each of: missing line, unknown
/// version, bad name-revision, bad base64, wrong length. `what` names the text in the sentence.
[[nodiscard]] KeyText parse_key(std::string_view text, std::string_view what);
/// As parse_key, for a caller that needs this kind; another one is wiped and refused.
[[nodiscard]] KeyText parse_key_as(KeyKind kind, std::string_view text, std::string_view what);
/// Throws bug unless there are as many bytes as a key of this kind has.
void require_key_size(KeyKind kind, std::span<const std::byte> bytes);
/// As upstream writes it: LF, no newline at the end.
[[nodiscard]] std::string format_key(const KeyName& name, KeyKind kind,
                                     std::span<const std::byte> bytes);
/// "core-20260101000000.sig.key". Names contain dots, so nothing is ever "replaced" here.
[[nodiscard]] std::string key_file_name(const KeyName& name, KeyKind kind);

}  // namespace hab::crypto
