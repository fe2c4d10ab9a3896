// SPDX-License-Identifier: Apache-2.0
#include "supervisor/hooks.hpp"

#include <algorithm>

namespace hab::supervisor {

std::string_view to_string(Hook hook) noexcept {
    switch (hook) {
        case Hook::init:
            return "init";
        case Hook::run:
            return "run";
        case Hook::post_run:
            return "post-run";
        case Hook::ready:
            return "ready";
        case Hook::reconfigure:
            return "reconfigure";
        case Hook::health_check:
            return "health-check";
        case Hook::pre_stop:
            return "pre-stop";
        case Hook::post_stop:
            return "post-stop";
        case Hook::suitability:
            return "suitability";
        case Hook::file_updated:
            return "file-updated";
        case Hook::config_check:
            return "config-check";
    }
    return "";
}

std::string_view underscored(Hook hook) noexcept {
    switch (hook) {
        case Hook::post_run:
            return "post_run";
        case Hook::health_check:
            return "health_check";
        case Hook::pre_stop:
            return "pre_stop";
        case Hook::post_stop:
            return "post_stop";
        case Hook::file_updated:
            return "file_updated";
        case Hook::config_check:
            return "config_check";
        default:
            return to_string(hook);
    }
}

std::optional<Hook> hook_from_name(std::string_view name) noexcept {
    for (const Hook hook : all_hooks) {
        if (name == to_string(hook) || name == underscored(hook)) return hook;
    }
    return std::nullopt;
}

std::chrono::seconds time_limit(Hook hook, std::chrono::seconds health_check_interval) noexcept {
    using std::chrono::seconds;
    switch (hook) {
        case Hook::init:
        case Hook::post_run:
            return seconds(3600);  // restoring a database takes its time
        case Hook::health_check:
            return std::max(seconds(30), health_check_interval);
        case Hook::ready:
            return seconds(30);
        case Hook::pre_stop:
        case Hook::config_check:
            return seconds(60);  // somebody waits for the stop
        default:
            return seconds(300);
    }
}

}  // namespace hab::supervisor
