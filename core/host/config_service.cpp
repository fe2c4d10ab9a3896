// SPDX-License-Identifier: Apache-2.0
// hab.config/1: settings of the user's environment and cli.toml.
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/toml.hpp"
#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {
namespace {

/// A setting: its key in cli.toml, and the environment variable that wins over it.
struct Setting {
    std::string_view key;
    const char* variable;
    std::string_view fallback;
    bool secret = false;
};

constexpr std::array settings = {
    Setting{"origin", "HAB_ORIGIN", ""},
    Setting{"bldr_url", "HAB_BLDR_URL", "https://bldr.habitat.sh"},
    Setting{"bldr_channel", "HAB_BLDR_CHANNEL", "stable"},
    Setting{"refresh_channel", "HAB_REFRESH_CHANNEL", "base"},
    Setting{"auth_token", "HAB_AUTH_TOKEN", "", true},
    Setting{"ctl_secret", "HAB_CTL_SECRET", "", true},
};

const Setting* find_setting(std::string_view key) {
    for (const Setting& setting : settings) {
        if (setting.key == key) return &setting;
    }
    return nullptr;
}

struct Found {
    std::string value;
    std::string_view source;
};

Found look_up(const Setting& setting, const fs::path& file) {
    if (const char* value = std::getenv(setting.variable); value != nullptr && *value != '\0') {
        return {value, "env"};
    }
    if (const auto text = read_file_if_exists(file, 1u << 20)) {
        const Value table = config::parse_toml(*text, file.string());
        const Value* value = table.at_path(setting.key);
        if (value != nullptr && value->as_string() != nullptr) return {*value->as_string(), "file"};
    }
    if (!setting.fallback.empty()) return {std::string(setting.fallback), "default"};
    throw Error(ErrorCode::not_found, fmt::format("setting '{}' is not set", setting.key),
                fmt::format("set {} or write it to '{}'", setting.variable, file.string()));
}

hab_status get(const hab_host* host, hab_str key, hab_sink value, hab_sink source,
               hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const Setting* setting = find_setting(plugin::from_abi(key));
        if (setting == nullptr) {
            throw Error(ErrorCode::not_found,
                        fmt::format("there is no setting '{}'", plugin::from_abi(key)));
        }
        if (setting->secret) {
            throw Error(
                ErrorCode::denied,
                fmt::format("setting '{}' is a secret and not given to plugins", setting->key));
        }
        const Found found = look_up(*setting, Context::of(host).state().paths().etc() / "cli.toml");
        plugin::put(value, found.value);
        plugin::put(source, found.source);
    });
}

}  // namespace

const hab_config_service config_table = {sizeof(hab_config_service), get};

}  // namespace hab::host
