// SPDX-License-Identifier: Apache-2.0
#include "control/tls_files.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "config/toml.hpp"
#include "control/secret.hpp"

namespace hab::control {

std::filesystem::path tls_dir(const Paths& paths) {
    return paths.key_cache() / "ctl";
}

std::filesystem::path newest_pem(const std::filesystem::path& path, std::string_view suffix) {
    std::error_code none;
    if (!std::filesystem::is_directory(path, none)) return path;
    std::filesystem::path newest;
    std::filesystem::file_time_type time{};
    for (const auto& entry : std::filesystem::directory_iterator(path, none)) {
        if (!entry.path().filename().string().ends_with(suffix)) continue;
        const auto changed = entry.last_write_time(none);
        if (!newest.empty() && changed < time) continue;
        newest = entry.path();
        time = changed;
    }
    if (!newest.empty()) return newest;
    throw Error(ErrorCode::not_found,
                fmt::format("there is no file in {} that ends in {}", path.string(), suffix),
                "`hab sup secret generate-tls` makes a key and a certificate.");
}

std::optional<net::TlsClientFiles> client_tls(const Paths& paths, const net::Endpoint& gateway) {
    const auto ca = cli_setting(paths, "ctl_server_ca_certificate");
    const auto certificate = cli_setting(paths, "ctl_client_certificate");
    const auto key = cli_setting(paths, "ctl_client_key");
    if (certificate.has_value() != key.has_value() || (certificate && !ca)) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot use TLS as {} says: ctl_client_certificate and "
                                "ctl_client_key go together, and with ctl_server_ca_certificate",
                                (paths.etc() / "cli.toml").string()));
    }
    if (!ca) return std::nullopt;
    net::TlsClientFiles files;
    files.server_ca = newest_pem(*ca, ".crt.pem");
    files.server_name = cli_setting(paths, "ctl_server_name_indication").value_or(gateway.host);
    if (certificate) {
        files.certificate = newest_pem(*certificate, ".crt.pem");
        files.key = newest_pem(*key, ".key.pem");
    }
    return files;
}

}  // namespace hab::control
