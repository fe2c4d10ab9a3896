// SPDX-License-Identifier: Apache-2.0
#include "sandbox/probe.hpp"

#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "sandbox/run.hpp"

namespace hab::sandbox {
namespace {

/// This program does nothing for an empty argument list of its own: any that exists everywhere will
/// do.
bool works(Namespaces namespaces, std::vector<Mount> mounts, std::vector<std::string>& reasons) {
    Spec spec;
    spec.argv = {"/proc/self/exe", "--version"};
    spec.namespaces = namespaces;
    spec.mounts = std::move(mounts);
    try {
        Process process = spawn(spec);
        static_cast<void>(process.kill());
        return true;
    } catch (const Error& error) {
        reasons.emplace_back(error.what());
        return false;
    }
}

Cgroups find_cgroups() {
    const bool v2_top = fs::exists("/sys/fs/cgroup/cgroup.controllers");
    const bool v1 = fs::exists("/sys/fs/cgroup/memory") && !v2_top;
    const bool v2_beside = fs::exists("/sys/fs/cgroup/unified/cgroup.controllers");
    if (v2_top) return Cgroups::v2;
    if (v1) return v2_beside ? Cgroups::hybrid : Cgroups::v1;
    return v2_beside ? Cgroups::v2 : Cgroups::none;
}

}  // namespace

std::string_view to_string(Cgroups cgroups) noexcept {
    switch (cgroups) {
        case Cgroups::none:
            return "none";
        case Cgroups::v1:
            return "v1";
        case Cgroups::v2:
            return "v2";
        case Cgroups::hybrid:
            return "hybrid";
    }
    return "none";
}

Capabilities probe() {
    Capabilities found;
    found.root = ::geteuid() == 0;
    Namespaces mount;
    mount.mount = true;
    mount.pid = true;
    // A read-only bind exercises the calls of Linux 5.12 that every sandbox with mounts needs.
    const std::vector<Mount> bind = {bind_mount("/tmp", "/tmp", true)};
    found.mount_namespaces = works(mount, bind, found.reasons);
    Namespaces user = mount;
    user.user = true;
    found.user_namespaces = works(user, bind, found.reasons);
    found.cgroups = find_cgroups();
    return found;
}

}  // namespace hab::sandbox
