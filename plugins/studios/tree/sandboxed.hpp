// SPDX-License-Identifier: Apache-2.0
// Studios whose programs run in namespaces of their own, through hab.sandbox/1.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hab/studio.hpp>

#include "tree/lock.hpp"

namespace studio_tree {

/// In what the plugins differ.
struct SandboxKind {
    std::string backend;
    bool user_namespace = false;  ///< the caller's own id becomes 0 inside, and no other exists
};

/// An open studio: its directory becomes "/" of programs, with mounts that only they see.
class SandboxedStudio {
public:
    SandboxedStudio(hab::sdk::Host host, hab::sdk::StudioSpec spec, SandboxKind kind);

    hab::sdk::ExecResult run(const hab::sdk::StudioExec& exec);
    /// Throws HAB_STATUS_FAILED if somebody else uses it or something is mounted below.
    void remove();

private:
    [[nodiscard]] std::vector<hab::sdk::Mount> mounts() const;
    [[nodiscard]] std::vector<hab::sdk::KeyValue> environment(
        const hab::sdk::StudioExec& exec) const;
    void put_applet_links() const;

    hab::sdk::Host host_;
    hab::sdk::StudioSpec spec_;
    SandboxKind kind_;
    std::unique_ptr<StudioLock> lock_;  ///< none for a studio that is not there and shall go
};

/// Whether a sandbox probe's JSON says `"key": true`; blanks may stand anywhere between.
[[nodiscard]] bool says_true(std::string_view json, std::string_view key);

}  // namespace studio_tree
