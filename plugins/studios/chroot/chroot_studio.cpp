// SPDX-License-Identifier: Apache-2.0
// The chroot studio: a directory that becomes "/" of programs run in it, with mounts that only they
// see. Made and used by root.
#include <memory>
#include <string>

#include <hab/studio.hpp>

#include "tree/sandboxed.hpp"
#include "tree/skeleton.hpp"

namespace {

using namespace hab::sdk;

class ChrootBackend {
public:
    using Studio = studio_tree::SandboxedStudio;

    explicit ChrootBackend(Host host) : host_(host) {}

    Probe probe() {
        Probe result;
        const auto sandbox = host_.find<Sandbox>();
        if (!sandbox) return {false, {"this hab does not offer sandboxes"}};
        const std::string machine = sandbox->probe();
        if (!studio_tree::says_true(machine, "root")) {
            result.reasons.emplace_back(
                "the chroot studio needs root, because it mounts and changes "
                "the root directory");
        } else if (!studio_tree::says_true(machine, "mount_namespaces")) {
            result.reasons.emplace_back(
                "this machine does not let root make a mount namespace; in a "
                "container, that takes the capability SYS_ADMIN");
        }
        result.usable = result.reasons.empty();
        return result;
    }

    std::unique_ptr<Studio> open(const StudioSpec& spec) {
        return std::make_unique<Studio>(host_, spec, studio_tree::SandboxKind{"chroot"});
    }

    std::vector<StudioListing> list(std::string_view home) {
        return studio_tree::list_studios(home, "chroot");
    }

private:
    Host host_;
};

}  // namespace

HAB_STUDIO(ChrootBackend, "chroot", "1.1.0",
           "Builds in a changed root with its own mounts; needs root", .vendor = "The hab project",
           .licence = "Apache-2.0", .thread_model = HAB_THREADS_FREE,
           .flags = HAB_PLUGIN_NEEDS_ROOT);
