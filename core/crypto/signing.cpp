// SPDX-License-Identifier: Apache-2.0
#include "crypto/signing.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {

SigningPublicKey::SigningPublicKey(KeyName name, Bytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_key_size(KeyKind::signing_public, bytes_);
    require_sodium();
}

SigningPublicKey SigningPublicKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::signing_public, text, what);
    return {std::move(key.name), std::move(key.bytes)};
}

std::string SigningPublicKey::to_text() const {
    return format_key(name_, KeyKind::signing_public, bytes_);
}

std::string SigningPublicKey::fingerprint() const {
    Blake2b hash;
    hash.update(bytes_);
    return to_hex(hash.finish());
}

std::optional<std::string> SigningPublicKey::open(std::span<const std::byte> combined) const {
    if (combined.size() < crypto_sign_BYTES) return std::nullopt;
    std::string message(combined.size() - crypto_sign_BYTES, '\0');
    unsigned long long length = 0;
    const int result =
        ::crypto_sign_open(reinterpret_cast<unsigned char*>(message.data()), &length,
                           raw(combined.data()), combined.size(), raw(bytes_.data()));
    if (result != 0) return std::nullopt;
    return message;
}

SigningSecretKey::SigningSecretKey(KeyName name, SecretBytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_key_size(KeyKind::signing_secret, bytes_.view());
    require_sodium();
}

SigningSecretKey SigningSecretKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::signing_secret, text, what);
    SigningSecretKey secret(std::move(key.name), SecretBytes(std::move(key.bytes)));
    // A mixed-up file would make signatures that nobody can check: find out now, not at the
    // reader's.
    Bytes public_half(crypto_sign_PUBLICKEYBYTES);
    Bytes derived(crypto_sign_SECRETKEYBYTES);
    ::crypto_sign_seed_keypair(raw(public_half.data()), raw(derived.data()),
                               raw(secret.bytes_.view().data()));
    const SecretBytes keep(std::move(derived));
    if (::sodium_memcmp(keep.view().data(), secret.bytes_.view().data(), keep.size()) != 0) {
        throw Error(
            ErrorCode::crypto,
            fmt::format("{} is not a usable key: its two halves do not belong together", what),
            "export the key again from where it came");
    }
    return secret;
}

std::string SigningSecretKey::to_text() const {
    return format_key(name_, KeyKind::signing_secret, bytes_.view());
}

SigningPublicKey SigningSecretKey::public_key() const {
    const auto half = bytes_.view().subspan(crypto_sign_SEEDBYTES);
    return {name_, Bytes(half.begin(), half.end())};
}

Bytes SigningSecretKey::sign(std::string_view message) const {
    Bytes combined(message.size() + crypto_sign_BYTES);
    unsigned long long length = 0;
    ::crypto_sign(raw(combined.data()), &length,
                  reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                  raw(bytes_.view().data()));
    return combined;
}

SigningKeyPair SigningKeyPair::generate(std::string_view origin, WallTime now) {
    check_origin_name(origin);
    require_sodium();
    Bytes public_bytes(crypto_sign_PUBLICKEYBYTES);
    Bytes secret_bytes(crypto_sign_SECRETKEYBYTES);
    ::crypto_sign_keypair(raw(public_bytes.data()), raw(secret_bytes.data()));
    const KeyName name{std::string(origin), compact_utc(now)};
    return {SigningPublicKey(name, std::move(public_bytes)),
            SigningSecretKey(name, SecretBytes(std::move(secret_bytes)))};
}

}  // namespace hab::crypto
