// SPDX-License-Identifier: Apache-2.0
// The config-check hook: it sees files before they replace those in use, and can refuse them.
#include <fmt/format.h>

#include "base/strings.hpp"
#include "supervisor/service.hpp"

namespace hab::supervisor {

void Service::first_render() {
    (void)render_files({});
    may_start_ = true;
}

void Service::renew_files() {
    if (checks_config()) {
        check_config();
    } else {
        render();
    }
}

void Service::check_config() {
    try {
        ask_config_check();
    } catch (const Error& error) {
        refuse(error, "the files before stay in use");
        if (is_of_the_disk(error)) render_again_later();
    }
}

void Service::ask_config_check() {
    const bool differs = files_->stage(template_context(context_input()), tree_.check(), user_);
    perform(CancelHook{Hook::config_check});
    check_lines_.clear();
    if (differs || !may_start_) {
        perform(RunHook{Hook::config_check});
    } else {
        if (!layer_refused_) config_refused_.clear();  // the files in use are right again
    }
}

void Service::config_checked(const HookResult& result) {
    if (result.status.ok() && !result.timed_out) {
        if (!layer_refused_) config_refused_.clear();
        if (may_start_) {
            render();
            return;
        }
        try {
            first_render();
        } catch (const Error& error) {
            refuse(error, "the service is not started");
            if (is_of_the_disk(error)) render_again_later();
        }
        return;
    }
    const std::string how =
        result.timed_out ? "took too long and was killed" : result.status.text();
    std::string reason = fmt::format("the config-check hook {}", how);
    if (!check_lines_.empty()) reason += ": " + join(check_lines_, " | ");
    refuse(Error(ErrorCode::failed, reason),
           may_start_ ? "the files before stay in use" : "the service is not started");
}

}  // namespace hab::supervisor
