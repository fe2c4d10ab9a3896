// SPDX-License-Identifier: Apache-2.0
// Keys and certificates from PEM files, each refusal in one sentence that names the file.
#pragma once

#include <filesystem>
#include <vector>

#include "net/openssl/handles.hpp"

namespace hab::net::openssl {

/// Throws as read_file, and Error(invalid_input) for anything but a private key without password.
[[nodiscard]] Key read_key(const std::filesystem::path& file);
/// At least one; throws for none, and for one that is not valid now.
[[nodiscard]] std::vector<Certificate> read_certificates(const std::filesystem::path& file);
/// Certificate first, then what is between it and the root. Throws if key and certificate do not
/// belong together.
void use_identity(SSL_CTX* context, const std::filesystem::path& key_file,
                  const std::filesystem::path& certificate_file);
/// These may have signed the peer's certificate.
void trust(SSL_CTX* context, const std::filesystem::path& ca_file);

}  // namespace hab::net::openssl
