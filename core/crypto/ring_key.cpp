// SPDX-License-Identifier: Apache-2.0
#include "crypto/ring_key.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "crypto/box.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {

static_assert(crypto_secretbox_NONCEBYTES == std::tuple_size_v<RingNonce>);
static_assert(crypto_secretbox_MACBYTES == ring_tag_size);

namespace {

const unsigned char* raw_text(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

RingNonce random_ring_nonce() {
    require_sodium();
    RingNonce nonce;
    ::randombytes_buf(nonce.data(), nonce.size());
    return nonce;
}

RingKey::RingKey(KeyName name, SecretBytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_sodium();
    require_key_size(KeyKind::ring_secret, bytes_.view());
}

RingKey RingKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::ring_secret, text, what);
    return {std::move(key.name), SecretBytes(std::move(key.bytes))};
}

RingKey RingKey::generate(std::string_view ring, WallTime now) {
    check_ring_name(ring);
    require_sodium();
    Bytes bytes(crypto_secretbox_KEYBYTES);
    ::crypto_secretbox_keygen(raw(bytes.data()));
    return {KeyName{std::string(ring), compact_utc(now)}, SecretBytes(std::move(bytes))};
}

std::string RingKey::to_text() const {
    return format_key(name_, KeyKind::ring_secret, bytes_.view());
}

void RingKey::seal(std::string_view plain, const RingNonce& nonce, std::string& out) const {
    const std::size_t begin = out.size();
    out.resize(begin + plain.size() + ring_tag_size);
    auto* const sealed = reinterpret_cast<unsigned char*>(out.data() + begin);
    ::crypto_secretbox_easy(sealed, raw_text(plain), plain.size(), raw(nonce.data()),
                            raw(bytes_.view().data()));
}

bool RingKey::open(std::string_view sealed, std::span<const std::byte, 24> nonce,
                   std::string& out) const {
    out.clear();
    if (sealed.size() < ring_tag_size) return false;
    out.resize(sealed.size() - ring_tag_size);
    auto* const plain = reinterpret_cast<unsigned char*>(out.data());
    if (::crypto_secretbox_open_easy(plain, raw_text(sealed), sealed.size(), raw(nonce.data()),
                                     raw(bytes_.view().data())) == 0) {
        return true;
    }
    out.clear();
    return false;
}

void check_ring_name(std::string_view name) {
    try {
        check_user_name(name);
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("'{}' is not a valid ring name", name), error.hint());
    }
}

}  // namespace hab::crypto
