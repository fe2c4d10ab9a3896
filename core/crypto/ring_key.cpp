// SPDX-License-Identifier: Apache-2.0
#include "crypto/ring_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/box.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {

static_assert(crypto_secretbox_NONCEBYTES == std::tuple_size_v<RingNonce>);
static_assert(crypto_secretbox_MACBYTES == ring_tag_size);

namespace {

const unsigned char* raw_text(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// What follows the key in the file of a strict ring: this line, then a public key in each. Who does
/// not know of it reads the first four lines.
constexpr std::string_view strict_line = "STRICT-1";

std::vector<PublicKey> admins_in(std::string_view text, std::string_view what) {
    const std::vector<std::string_view> lines = split(text, '\n');
    std::vector<PublicKey> admins;
    if (lines.size() < 5 || trim(lines[4]) != strict_line) return admins;
    for (std::size_t i = 5; i < lines.size(); ++i) {
        const std::string_view line = trim(lines[i]);
        if (line.empty()) continue;
        const auto bytes = from_base64(line);
        if (!bytes || bytes->size() != std::tuple_size_v<PublicKey>) {
            throw Error(ErrorCode::crypto,
                        fmt::format("{} is not a usable ring key: line {} is not an admin's key",
                                    what, i + 1),
                        "after STRICT-1 each line holds a public key of 32 bytes in base64; export "
                        "the key again from where it came");
        }
        std::copy(bytes->begin(), bytes->end(), admins.emplace_back().begin());
    }
    if (admins.empty()) {
        throw Error(ErrorCode::crypto,
                    fmt::format("{} is not a usable ring key: its ring is strict, and it names no "
                                "admin",
                                what),
                    "export the key again from where it came");
    }
    return admins;
}

}  // namespace

RingNonce random_ring_nonce() {
    require_sodium();
    RingNonce nonce;
    ::randombytes_buf(nonce.data(), nonce.size());
    return nonce;
}

RingKey::RingKey(KeyName name, SecretBytes bytes, std::vector<PublicKey> admins)
    : name_(std::move(name)), bytes_(std::move(bytes)), admins_(std::move(admins)) {
    require_sodium();
    require_key_size(KeyKind::ring_secret, bytes_.view());
}

RingKey RingKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::ring_secret, text, what);
    SecretBytes bytes(std::move(key.bytes));
    return {std::move(key.name), std::move(bytes), admins_in(text, what)};
}

RingKey RingKey::generate(std::string_view ring, WallTime now, std::vector<PublicKey> admins) {
    check_ring_name(ring);
    require_sodium();
    Bytes bytes(crypto_secretbox_KEYBYTES);
    ::crypto_secretbox_keygen(raw(bytes.data()));
    return {KeyName{std::string(ring), compact_utc(now)}, SecretBytes(std::move(bytes)),
            std::move(admins)};
}

std::string RingKey::to_text() const {
    std::string text = format_key(name_, KeyKind::ring_secret, bytes_.view());
    if (!strict()) return text;
    text.append("\n").append(strict_line);
    for (const PublicKey& admin : admins_)
        text.append("\n").append(to_base64(admin));
    return text;
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
