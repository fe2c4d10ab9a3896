// SPDX-License-Identifier: Apache-2.0
#include "sandbox/spec.hpp"

#include <unistd.h>

#include <string_view>

namespace hab::sandbox {

Mount bind_mount(std::filesystem::path source, std::filesystem::path target, bool read_only) {
    Mount mount;
    mount.source = std::move(source);
    mount.target = std::move(target);
    mount.read_only = read_only;
    return mount;
}

Mount special_mount(MountKind kind, std::filesystem::path target, std::string options) {
    Mount mount;
    mount.kind = kind;
    mount.target = std::move(target);
    mount.options = std::move(options);
    return mount;
}

Environment current_environment() {
    Environment environment;
    for (char** item = environ; item != nullptr && *item != nullptr; ++item) {
        const std::string_view text = *item;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

}  // namespace hab::sandbox
