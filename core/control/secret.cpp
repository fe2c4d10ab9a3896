// SPDX-License-Identifier: Apache-2.0
#include "control/secret.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "config/toml.hpp"

namespace hab::control {

namespace {

std::optional<std::string> from_environment(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
}

}  // namespace

std::optional<std::string> cli_setting(const Paths& paths, std::string_view key) {
    const auto settings = config::read_toml_if_exists(paths.etc() / "cli.toml");
    if (!settings) return std::nullopt;
    const Value* const value = settings->at_path(key);
    if (value == nullptr) return std::nullopt;
    if (const std::string* const text = value->as_string()) return *text;
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot use '{}' in {}: it is a {}, not a string", key,
                            (paths.etc() / "cli.toml").string(), value->type_name()));
}

std::string find_secret(const Paths& paths) {
    if (auto secret = from_environment("HAB_CTL_SECRET")) return *secret;
    if (auto secret = cli_setting(paths, "ctl_secret")) return *secret;
    const fs::path file = paths.sup() / "CTL_SECRET";
    try {
        if (const auto secret = read_file_if_exists(file, 4096)) return std::string(trim(*secret));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::denied) throw;
        throw error.with_hint(
            "Run this command as root, or put the secret into HAB_CTL_SECRET or cli.toml.");
    }
    throw Error(
        ErrorCode::not_found,
        fmt::format("cannot find the control secret: HAB_CTL_SECRET is not set, there is no "
                    "ctl_secret in {} and no file {}",
                    (paths.etc() / "cli.toml").string(), file.string()),
        "Start a supervisor on this machine with `hab sup run`; for one elsewhere, set "
        "HAB_CTL_SECRET to the content of its CTL_SECRET file.");
}

bool secret_is_given(const Paths& paths) {
    return from_environment("HAB_CTL_SECRET") || cli_setting(paths, "ctl_secret");
}

net::Endpoint find_gateway(const Paths& paths, std::optional<std::string> remote,
                           const std::optional<net::Endpoint>& local) {
    if (remote) return net::Endpoint::parse(*remote, default_port, "--remote-sup");
    if (const auto text = from_environment("HAB_LISTEN_CTL")) {
        return net::Endpoint::parse(*text, default_port, "HAB_LISTEN_CTL");
    }
    if (const auto text = cli_setting(paths, "listen_ctl")) {
        return net::Endpoint::parse(*text, default_port, "listen_ctl in cli.toml");
    }
    return local.value_or(net::Endpoint{"127.0.0.1", default_port, {}});
}

}  // namespace hab::control
