// SPDX-License-Identifier: Apache-2.0
#include "build/studio_setup.hpp"

#include <hab/plugin.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/strings.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

constexpr std::string_view default_tools =
    "core/bash core/coreutils core/sed core/grep core/gawk core/findutils core/tar core/gzip "
    "core/xz";

constexpr std::size_t max_directory_name = 200;

}  // namespace

StudioToolNames studio_tool_names() {
    const char* configured = std::getenv("HAB_STUDIO_TOOLS");
    StudioToolNames names;
    names.required = configured != nullptr && *configured != '\0';
    for (const std::string_view ident : split(names.required ? configured : default_tools, ' ')) {
        if (!ident.empty()) names.idents.emplace_back(ident);
    }
    return names;
}

plugin::StudioMount bind_directory(const std::filesystem::path& source, const std::string& target,
                                   bool read_only) {
    plugin::StudioMount mount;
    mount.kind = HAB_MOUNT_BIND;
    mount.flags = read_only ? HAB_MOUNT_READ_ONLY : 0;
    mount.source = source.string();
    mount.target = target;
    return mount;
}

std::string studio_plugin_name(std::string_view text) {
    std::string name;
    for (const char c : to_lower(text)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        name.push_back(plain ? c : '-');
    }
    return name.substr(name.size() > 63 ? name.size() - 63 : 0);
}

std::string studio_directory_name(const std::filesystem::path& source_root) {
    std::string name = source_root.relative_path().string();
    if (name.empty()) return "root";
    name = replace_all(name, "/", "--");
    name = replace_all(name, " ", "-");
    if (name.size() <= max_directory_name) return name;
    // A file name has at most 255 bytes, and ".lock" is added: the end of the path says most, and a
    // hash tells apart what it does not.
    const std::string hash = crypto::blake2b_hex(name).substr(0, 16);
    return hash + "-" + name.substr(name.size() - (max_directory_name - hash.size() - 1));
}

sandbox::Environment studio_environment(const sandbox::Environment& caller) {
    static constexpr std::array passed = {"TERM",
                                          "HAB_ORIGIN",
                                          "HAB_NOCOLORING",
                                          "NO_COLOR",
                                          "HAB_NONINTERACTIVE",
                                          "HAB_CONFIG_EXCLUDE",
                                          "DO_CHECK",
                                          "DEBUG",
                                          "SOURCE_DATE_EPOCH",
                                          "http_proxy",
                                          "https_proxy",
                                          "no_proxy"};
    static constexpr std::array reserved = {
        "HAB_BINLINK_DIR", "HAB_ORIGIN", "HOME",     "LC_ALL",           "PATH", "PWD",
        "STUDIO_TYPE",     "TERM",       "TERMINFO", "HAB_BUILD_CONTROL"};
    static constexpr std::string_view secret = "HAB_STUDIO_SECRET_";
    sandbox::Environment env{{"HOME", "/root"}};
    for (const char* name : passed) {
        const auto found = caller.find(name);
        if (found != caller.end() && !found->second.empty()) env[name] = found->second;
    }
    for (const auto& [name, value] : caller) {
        if (!name.starts_with(secret)) continue;
        const std::string bare = name.substr(secret.size());
        if (!bare.empty() && std::find(reserved.begin(), reserved.end(), bare) == reserved.end()) {
            env[bare] = value;
        }
    }
    return env;
}

}  // namespace hab::build
