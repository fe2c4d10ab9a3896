// SPDX-License-Identifier: Apache-2.0
// Keys and certificates of the control gateway's TLS, on both sides.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/paths.hpp"
#include "net/endpoint.hpp"
#include "net/tls.hpp"

namespace hab::control {

/// Where `hab sup secret generate-tls` puts them.
[[nodiscard]] std::filesystem::path tls_dir(const Paths& paths);

/// `path`, or if it is a directory, the file in it that ends in `suffix` (".crt.pem", ".key.pem")
/// and was changed last. Throws not_found for a directory without any.
[[nodiscard]] std::filesystem::path newest_pem(const std::filesystem::path& path,
                                               std::string_view suffix);

/// From cli.toml: ctl_server_ca_certificate turns TLS on; ctl_server_name_indication (otherwise the
/// host of `gateway`), ctl_client_certificate and ctl_client_key. Nothing if it is off. Throws
/// invalid_input for what cli.toml says wrongly, not_found as newest_pem().
[[nodiscard]] std::optional<net::TlsClientFiles> client_tls(const Paths& paths,
                                                            const net::Endpoint& gateway);

}  // namespace hab::control
