// SPDX-License-Identifier: Apache-2.0
// hab.progress/1
#include <algorithm>

#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {

std::uint64_t StepBoard::begin(Step step) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t handle = ++last_;
    const Step& kept = steps_.emplace(handle, std::move(step)).first->second;
    if (reporter_) reporter_->begin(kept);
    return handle;
}

void StepBoard::advance(std::uint64_t handle, std::uint64_t done) {
    const std::lock_guard lock(mutex_);
    const auto found = steps_.find(handle);
    if (found == steps_.end()) return;
    found->second.done = done;
    if (reporter_) reporter_->advance(found->second);
}

void StepBoard::message(std::uint64_t handle, std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto found = steps_.find(handle);
    if (found != steps_.end() && reporter_) reporter_->message(found->second, text);
}

void StepBoard::end(std::uint64_t handle, bool good) {
    const std::lock_guard lock(mutex_);
    const auto found = steps_.find(handle);
    if (found == steps_.end()) return;
    if (reporter_) reporter_->end(found->second, good);
    steps_.erase(found);
}

void TerminalReporter::begin(const Step& step) {
    terminal_.status("Running", step.title);
}

void TerminalReporter::advance(const Step& step) {
    terminal_.progress(step.title, step.done, step.total, step.unit == "bytes");
}

void TerminalReporter::end(const Step& step, bool good) {
    terminal_.progress_end();
    if (good) terminal_.status("Finished", step.title);
}

namespace {

/// Progress is decoration: a failure to draw it must not fail the plugin's work.
template <class Fn>
void quietly(const hab_host* host, Fn&& fn) noexcept {
    try {
        fn(Context::of(host).state().steps());
    } catch (const std::exception& error) {
        plugin::Host::of(host).context().log(HAB_LOG_DEBUG, "progress", error.what());
    }
}

std::uint64_t begin(const hab_host* host, hab_str title, std::uint64_t total, hab_str unit) {
    std::uint64_t handle = 1;  // never 0, and harmless if nothing could be shown
    quietly(host,
            [&](StepBoard& steps) { handle = steps.begin({text(title), total, text(unit), 0}); });
    return handle;
}

void advance(const hab_host* host, std::uint64_t handle, std::uint64_t done) {
    quietly(host, [&](StepBoard& steps) { steps.advance(handle, done); });
}

void message(const hab_host* host, std::uint64_t handle, hab_str words) {
    quietly(host, [&](StepBoard& steps) { steps.message(handle, plugin::from_abi(words)); });
}

void end(const hab_host* host, std::uint64_t handle, hab_status status) {
    quietly(host, [&](StepBoard& steps) { steps.end(handle, status == HAB_STATUS_OK); });
}

}  // namespace

const hab_progress_service progress_table = {sizeof(hab_progress_service), begin, advance, message,
                                             end};

}  // namespace hab::host
