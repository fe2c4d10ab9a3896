// SPDX-License-Identifier: Apache-2.0
// The userns studio: as chroot, but in a user namespace, so that it needs no root. The caller's own
// id is 0 inside; no other id exists there.
#include <memory>
#include <string>

#include <hab/studio.hpp>

#include "tree/sandboxed.hpp"
#include "tree/skeleton.hpp"

namespace {

using namespace hab::sdk;

constexpr const char* one_id =
    "only one id exists in the userns studio: chown and chgrp to other accounts fail there with "
    "'Invalid argument'; a plan that needs them builds in the chroot studio, as root";

class UsernsBackend {
public:
    using Studio = studio_tree::SandboxedStudio;

    explicit UsernsBackend(Host host) : host_(host) {}

    /// Usable with a reason: what does not work there.
    Probe probe() {
        const auto sandbox = host_.find<Sandbox>();
        if (!sandbox) return {false, {"this hab does not offer sandboxes"}};
        if (!studio_tree::says_true(sandbox->probe(), "user_namespaces")) {
            return {false,
                    {"the userns studio needs user namespaces, which this machine does not let "
                     "this user make (see user.max_user_namespaces, "
                     "kernel.unprivileged_userns_clone and the machine's security modules)"}};
        }
        return {true, {one_id}};
    }

    std::unique_ptr<Studio> open(const StudioSpec& spec) {
        return std::make_unique<Studio>(host_, spec, studio_tree::SandboxKind{"userns", true});
    }

    std::vector<StudioListing> list(std::string_view home) {
        return studio_tree::list_studios(home, "userns");
    }

private:
    Host host_;
};

}  // namespace

HAB_STUDIO(UsernsBackend, "userns", "1.0.0", "Builds without root, in a user namespace with one id",
           .vendor = "The hab project", .licence = "Apache-2.0", .thread_model = HAB_THREADS_FREE);
