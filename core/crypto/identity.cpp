// SPDX-License-Identifier: Apache-2.0
#include "crypto/identity.hpp"

#include <algorithm>
#include <utility>

#include "crypto/key_file.hpp"
#include "crypto/signing.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {
namespace {

const unsigned char* raw_text(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Identity::Identity(KeyName name, SecretBytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_key_size(KeyKind::signing_secret, bytes_.view());
    std::copy_n(bytes_.view().begin() + 32, public_.size(), public_.begin());
}

Identity Identity::generate(std::string_view name, WallTime now) {
    require_sodium();
    PublicKey public_key;
    Bytes bytes(crypto_sign_SECRETKEYBYTES);
    ::crypto_sign_keypair(raw(public_key.data()), raw(bytes.data()));
    return {KeyName{std::string(name), compact_utc(now)}, SecretBytes(std::move(bytes))};
}

Identity Identity::from_seed(std::string_view name, std::span<const std::byte, 32> seed) {
    require_sodium();
    PublicKey public_key;
    Bytes bytes(crypto_sign_SECRETKEYBYTES);
    ::crypto_sign_seed_keypair(raw(public_key.data()), raw(bytes.data()), raw(seed.data()));
    return {KeyName{std::string(name), "20000101000000"}, SecretBytes(std::move(bytes))};
}

Identity Identity::from_text(std::string_view text, std::string_view what) {
    (void)SigningSecretKey::from_text(text, what);  // that both halves belong together
    KeyText key = parse_key_as(KeyKind::signing_secret, text, what);
    return {std::move(key.name), SecretBytes(std::move(key.bytes))};
}

std::string Identity::to_text() const {
    return format_key(name_, KeyKind::signing_secret, bytes_.view());
}

Signature Identity::sign(std::string_view message) const {
    Signature signature;
    ::crypto_sign_detached(raw(signature.data()), nullptr, raw_text(message), message.size(),
                           raw(bytes_.view().data()));
    return signature;
}

bool verifies(std::span<const std::byte, 32> key, std::string_view message,
              std::span<const std::byte, 64> signature) noexcept {
    return ::crypto_sign_verify_detached(raw(signature.data()), raw_text(message), message.size(),
                                         raw(key.data())) == 0;
}

}  // namespace hab::crypto
