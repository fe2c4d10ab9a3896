// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/tls.hpp"

namespace hab::net::openssl {

/// See net::generate_tls_key_pair().
[[nodiscard]] TlsKeyPair generate_key_pair(const std::string& name, int days);

}  // namespace hab::net::openssl
