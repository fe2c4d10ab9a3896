// SPDX-License-Identifier: Apache-2.0
// Encryption keys (X25519) of users and services, and the names they have. Values; thread-safe when
// const.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/key_file.hpp"
#include "crypto/key_name.hpp"
#include "crypto/secret.hpp"

namespace hab::crypto {

class BoxPublicKey {
public:
    /// Throws crypto if the text is not a BOX-PUB-1 key.
    [[nodiscard]] static BoxPublicKey from_text(std::string_view text, std::string_view what);
    BoxPublicKey(KeyName name, Bytes bytes);

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::string to_text() const;

private:
    KeyName name_;
    Bytes bytes_;
};

class BoxSecretKey {
public:
    /// Throws crypto if the text is not a BOX-SEC-1 key.
    [[nodiscard]] static BoxSecretKey from_text(std::string_view text, std::string_view what);
    BoxSecretKey(KeyName name, SecretBytes bytes);

    [[nodiscard]] const KeyName& name() const noexcept { return name_; }
    /// Valid as long as the key; do not copy them into memory that nobody wipes.
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.view(); }
    /// The file's text; wipe it after use where that matters.
    [[nodiscard]] std::string to_text() const;
    /// The public half, computed: secret files do not contain it.
    [[nodiscard]] BoxPublicKey public_key() const;

private:
    KeyName name_;
    SecretBytes bytes_;
};

struct BoxKeyPair {
    BoxPublicKey public_key;
    BoxSecretKey secret_key;
    /// New random keys; the revision is `now` in UTC. `name` is what service_key_name makes, or a
    /// user's name that check_user_name accepts.
    [[nodiscard]] static BoxKeyPair generate(std::string_view name, WallTime now);
};

/// Throws usage unless the name can be that of a user's key: letters, digits, '.', '_', '-', not
/// beginning with '.' or '-', at most 200 characters.
void check_user_name(std::string_view name);

/// "redis.default@acme" from "redis.default" and "acme". The group may bring its organisation along
/// ("redis.default@acme"); `org` may then be empty or the same. Throws usage, with the grammar
/// service.group@org, for anything else; each part is without '#', '@', '.', '/' and blanks.
[[nodiscard]] std::string service_key_name(std::string_view service_group, std::string_view org);

}  // namespace hab::crypto
