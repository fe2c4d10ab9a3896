// SPDX-License-Identifier: Apache-2.0
// What the services of one session share, and what one plugin instance has for itself. Private to
// host/.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/temp_dir.hpp"
#include "host/artifacts.hpp"
#include "host/session.hpp"
#include "package/installed.hpp"
#include "plugin/host.hpp"

namespace hab::host {

/// Steps shown to the user, by handle. Thread-safe: the reporter gets one call at a time.
class StepBoard {
public:
    explicit StepBoard(std::shared_ptr<Reporter> reporter) : reporter_(std::move(reporter)) {}
    [[nodiscard]] std::uint64_t begin(Step step);
    void advance(std::uint64_t handle, std::uint64_t done);
    void message(std::uint64_t handle, std::string_view text);
    void end(std::uint64_t handle, bool good);

private:
    std::mutex mutex_;
    std::shared_ptr<Reporter> reporter_;
    std::map<std::uint64_t, Step> steps_;
    std::uint64_t last_ = 0;
};

class State {
public:
    explicit State(SessionOptions options);

    [[nodiscard]] const Paths& paths() const noexcept { return options_.paths; }
    [[nodiscard]] const package::InstalledPackages& packages() const noexcept { return packages_; }
    [[nodiscard]] StepBoard& steps() noexcept { return steps_; }
    [[nodiscard]] ArtifactList& artifacts() noexcept { return artifacts_; }
    [[nodiscard]] bool cancelled();
    /// The session's registry; throws conflict once the session is gone.
    [[nodiscard]] std::shared_ptr<plugin::Registry> registry() const;
    void set_registry(std::weak_ptr<plugin::Registry> registry) { registry_ = std::move(registry); }

private:
    SessionOptions options_;
    package::InstalledPackages packages_;
    StepBoard steps_;
    ArtifactList artifacts_;
    std::mutex cancel_mutex_;
    std::weak_ptr<plugin::Registry> registry_;
};

/// The surroundings of one plugin instance.
class Context final : public plugin::HostContext {
public:
    Context(std::shared_ptr<State> state, const plugin::PluginMeta& meta);

    [[nodiscard]] const void* service(std::string_view id) noexcept override;
    [[nodiscard]] bool cancelled() noexcept override;

    [[nodiscard]] State& state() noexcept { return *state_; }
    [[nodiscard]] const std::string& label() const noexcept { return label_; }
    /// A directory that goes with the instance.
    [[nodiscard]] fs::path make_temp_dir(std::string_view prefix);
    /// A directory that stays, for this plugin only.
    [[nodiscard]] fs::path cache_dir() const;

    /// The context behind the object a service was called with; throws bug for a foreign one.
    [[nodiscard]] static Context& of(const hab_host* host);

private:
    std::shared_ptr<State> state_;
    std::string label_;
    std::string directory_name_;
    std::mutex mutex_;
    std::vector<TempDir> temp_dirs_;
};

}  // namespace hab::host
