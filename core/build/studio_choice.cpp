// SPDX-License-Identifier: Apache-2.0
#include "build/studio_choice.hpp"

#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"

namespace hab::build {
namespace {

/// Others are used only when they are named: whoever installs a plugin need not want it.
constexpr std::array order = {"chroot", "userns", "docker"};

}  // namespace

StudioChoice choose_studio(plugin::Registry& registry, const std::string& asked) {
    if (!asked.empty()) {
        plugin::Studio studio = registry.studio(asked);
        plugin::StudioProbe probe = studio.probe();
        if (probe.usable) return {std::move(studio), {}, std::move(probe.reasons)};
        throw Error(ErrorCode::denied,
                    fmt::format("the studio '{}' cannot be used here: {}", asked,
                                join(probe.reasons, "; ")),
                    "choose another with --backend, or let hab choose");
    }
    std::vector<std::string> skipped;
    for (const char* id : order) {
        try {
            plugin::Studio studio = registry.studio(id);
            plugin::StudioProbe probe = studio.probe();
            if (probe.usable)
                return {std::move(studio), std::move(skipped), std::move(probe.reasons)};
            skipped.push_back(fmt::format("{}: {}", id, join(probe.reasons, "; ")));
        } catch (const Error& error) {
            skipped.push_back(fmt::format("{}: {}", id, error.message()));
        }
    }
    throw Error(ErrorCode::denied,
                fmt::format("no studio can be used here: {}", join(skipped, "; ")),
                "'hab plugin list' shows the studios; --backend NAME chooses one");
}

}  // namespace hab::build
