// SPDX-License-Identifier: Apache-2.0
#include "crypto/box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {
namespace {

/// With revision and extension, the name must still fit a file name.
constexpr std::size_t max_name = 200;

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_group_part(std::string_view part) noexcept {
    return !part.empty() && std::none_of(part.begin(), part.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7f ||
               std::string_view("#@./\\").find(c) != std::string_view::npos;
    });
}

}  // namespace

BoxPublicKey::BoxPublicKey(KeyName name, Bytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_key_size(KeyKind::box_public, bytes_);
}

BoxPublicKey BoxPublicKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::box_public, text, what);
    return {std::move(key.name), std::move(key.bytes)};
}

std::string BoxPublicKey::to_text() const {
    return format_key(name_, KeyKind::box_public, bytes_);
}

BoxSecretKey::BoxSecretKey(KeyName name, SecretBytes bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {
    require_key_size(KeyKind::box_secret, bytes_.view());
}

BoxSecretKey BoxSecretKey::from_text(std::string_view text, std::string_view what) {
    KeyText key = parse_key_as(KeyKind::box_secret, text, what);
    return {std::move(key.name), SecretBytes(std::move(key.bytes))};
}

std::string BoxSecretKey::to_text() const {
    return format_key(name_, KeyKind::box_secret, bytes_.view());
}

BoxPublicKey BoxSecretKey::public_key() const {
    require_sodium();
    Bytes half(crypto_box_PUBLICKEYBYTES);
    ::crypto_scalarmult_base(raw(half.data()), raw(bytes_.view().data()));
    return {name_, std::move(half)};
}

BoxKeyPair BoxKeyPair::generate(std::string_view name, WallTime now) {
    require_sodium();
    Bytes public_bytes(crypto_box_PUBLICKEYBYTES);
    Bytes secret_bytes(crypto_box_SECRETKEYBYTES);
    ::crypto_box_keypair(raw(public_bytes.data()), raw(secret_bytes.data()));
    const KeyName key_name{std::string(name), compact_utc(now)};
    return {BoxPublicKey(key_name, std::move(public_bytes)),
            BoxSecretKey(key_name, SecretBytes(std::move(secret_bytes)))};
}

void check_user_name(std::string_view name) {
    const bool fits = !name.empty() && name.size() <= max_name && name.front() != '.' &&
                      name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
                          return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
                      });
    if (fits) return;
    throw Error(ErrorCode::usage, fmt::format("'{}' is not a valid user name", name),
                "use letters, digits, '.', '_' and '-', beginning with a letter or digit, at most "
                "200 characters");
}

std::string service_key_name(std::string_view service_group, std::string_view org) {
    const auto refuse = [&](const std::string& why) {
        throw Error(
            ErrorCode::usage,
            fmt::format("cannot name the key of the service group '{}': {}", service_group, why),
            "write SERVICE.GROUP and an organisation, for example: hab svc key generate "
            "redis.default acme");
    };
    const std::size_t at = service_group.find('@');
    const std::string_view group = service_group.substr(0, at);
    const std::string_view own = at == group.npos ? "" : service_group.substr(at + 1);
    const auto parts = split(group, '.');
    if (parts.size() != 2 || !is_group_part(parts[0]) || !is_group_part(parts[1])) {
        refuse("it is not of the form SERVICE.GROUP");
    }
    if (at != service_group.npos && !is_group_part(own)) {
        refuse("what follows the '@' is not the name of an organisation");
    }
    if (!own.empty() && !org.empty() && own != org) {
        refuse(fmt::format("the organisation is said to be '{}' and '{}'", own, org));
    }
    const std::string_view organisation = own.empty() ? org : own;
    if (organisation.empty()) refuse("no organisation was given");
    if (!is_group_part(organisation)) {
        refuse(fmt::format("'{}' is not the name of an organisation", organisation));
    }
    std::string name = fmt::format("{}@{}", group, organisation);
    if (name.size() > max_name) refuse("the name is longer than 200 characters");
    return name;
}

}  // namespace hab::crypto
