// SPDX-License-Identifier: Apache-2.0
// What a service may use of the machine, and what happens when it wants more.
#include <fmt/format.h>

#include "supervisor/service.hpp"

namespace hab::supervisor {

package::ServiceLimits Service::limits() const {
    return package::overlaid(package_.limits, spec_.limits);
}

std::vector<std::string> Service::prepare_groups() {
    auto prepared = around_.groups.prepare(spec_.service(), limits());
    if (prepared.not_enforced != not_enforced_) {
        not_enforced_ = std::move(prepared.not_enforced);
        for (const auto& sentence : not_enforced_)
            say(LineSource::supervisor, "SR", "Warning: " + sentence);
    }
    return std::move(prepared.procs);
}

void Service::look_for_oom() {
    const auto limit = limits().memory;
    if (limit.value_or(package::ServiceLimits::none) == package::ServiceLimits::none) return;
    const auto kills = around_.groups.oom_kills(spec_.service());
    if (kills <= oom_seen_) return;
    oom_failure_ = fmt::format(
        "out of memory: the kernel killed {} process{} of the service at its "
        "limit of {}",
        kills - oom_seen_, kills - oom_seen_ == 1 ? "" : "es",
        package::limit_text("memory", *limit));
    oom_seen_ = kills;
    say(LineSource::supervisor, "SV", oom_failure_);
}

void Service::end_group_members() {
    if (!limits().empty()) around_.groups.kill_members(spec_.service());
}

}  // namespace hab::supervisor
