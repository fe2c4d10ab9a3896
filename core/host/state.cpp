// SPDX-License-Identifier: Apache-2.0
#include "host/state.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "host/tables.hpp"

namespace hab::host {

State::State(SessionOptions options)
    : options_(std::move(options)), packages_(options_.paths), steps_(options_.reporter) {}

bool State::cancelled() {
    if (!options_.cancelled) return false;
    const std::lock_guard lock(cancel_mutex_);
    return options_.cancelled();
}

std::shared_ptr<plugin::Registry> State::registry() const {
    auto registry = registry_.lock();
    if (!registry) {
        throw Error(ErrorCode::conflict,
                    "cannot load another plugin: the command that offered them is over");
    }
    return registry;
}

Context::Context(std::shared_ptr<State> state, const plugin::PluginMeta& meta)
    : state_(std::move(state)),
      label_(meta.label()),
      directory_name_(fmt::format("{}-{}", to_string(meta.kind), meta.id)) {}

const void* Context::service(std::string_view id) noexcept {
    static constexpr std::array<std::pair<std::string_view, const void*>, 10> tables = {{
        {HAB_SERVICE_PROGRESS, &progress_table},
        {HAB_SERVICE_CONFIG, &config_table},
        {HAB_SERVICE_PACKAGES, &packages_table},
        {HAB_SERVICE_TEMPLATE, &template_table},
        {HAB_SERVICE_ARTIFACT, &artifact_table},
        {HAB_SERVICE_FS, &fs_table},
        {HAB_SERVICE_ROOTFS, &rootfs_table},
        {HAB_SERVICE_PROCESS, &process_table},
        {HAB_SERVICE_SANDBOX, &sandbox_table},
        {HAB_SERVICE_HTTP, &http_table},
    }};
    for (const auto& [name, table] : tables) {
        if (name == id) return table;
    }
    return nullptr;
}

bool Context::cancelled() noexcept {
    try {
        return state_->cancelled();
    } catch (const std::exception&) {
        return true;  // who can no longer be asked no longer waits
    }
}

fs::path Context::make_temp_dir(std::string_view prefix) {
    const std::lock_guard lock(mutex_);
    return temp_dirs_.emplace_back(prefix).path();
}

fs::path Context::cache_dir() const {
    const fs::path dir = state_->paths().cache() / "plugins" / directory_name_;
    make_directories(dir, 0700);
    return dir;
}

Context& Context::of(const hab_host* host) {
    auto* context = dynamic_cast<Context*>(&plugin::Host::of(host).context());
    if (context == nullptr) {
        throw Error(ErrorCode::bug, "a service was called with another host's object");
    }
    return *context;
}

}  // namespace hab::host
