// SPDX-License-Identifier: Apache-2.0
// The hooks a service may have: names and time limits.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace hab::supervisor {

enum class Hook {
    init,
    run,
    post_run,
    ready,
    reconfigure,
    health_check,
    pre_stop,
    post_stop,
    suitability,
    file_updated,
    config_check
};

inline constexpr std::array all_hooks{Hook::init,         Hook::run,         Hook::post_run,
                                      Hook::ready,        Hook::reconfigure, Hook::health_check,
                                      Hook::pre_stop,     Hook::post_stop,   Hook::suitability,
                                      Hook::file_updated, Hook::config_check};

/// "post-run": name of the file in the package and below /hab/svc/NAME/hooks.
[[nodiscard]] std::string_view to_string(Hook hook) noexcept;
/// "post_run": key in the HTTP gateway, and file name in packages older than 2018.
[[nodiscard]] std::string_view underscored(Hook hook) noexcept;
[[nodiscard]] std::optional<Hook> hook_from_name(std::string_view name) noexcept;

/// How long a hook may take before it is killed. A slow hook stops nothing but itself, so these
/// only end what would never end.
[[nodiscard]] std::chrono::seconds time_limit(Hook hook,
                                              std::chrono::seconds health_check_interval) noexcept;

}  // namespace hab::supervisor
