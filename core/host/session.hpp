// SPDX-License-Identifier: Apache-2.0
// Plugins with every host service, for one command: what export, studio and build work with.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "host/artifacts.hpp"
#include "host/reporter.hpp"
#include "plugin/registry.hpp"

namespace hab::host {

class State;

struct SessionOptions {
    Paths paths;
    std::vector<std::filesystem::path> plugin_files;  ///< --plugin FILE
    std::shared_ptr<Reporter> reporter;               ///< null: silent
    /// Asked by long work, from any thread of a plugin, one call at a time; empty = never
    /// cancelled.
    std::function<bool()> cancelled;
};

/// Owns the registry and the state that services work on. Instances made by the registry may
/// outlive it. Thread-safe as far as the registry is.
class Session {
public:
    explicit Session(SessionOptions options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] plugin::Registry& registry() noexcept { return *registry_; }
    /// Announced so far.
    [[nodiscard]] std::vector<Artifact> artifacts() const;

private:
    std::shared_ptr<State> state_;
    std::shared_ptr<plugin::Registry> registry_;
};

}  // namespace hab::host
