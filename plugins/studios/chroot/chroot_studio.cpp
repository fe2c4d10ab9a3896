// SPDX-License-Identifier: Apache-2.0
// The chroot studio: a directory that becomes "/" of programs run in it, with mounts that only they
// see.
#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <hab/studio.hpp>

#include "skeleton.hpp"

namespace {

using namespace hab::sdk;
using chroot_studio::fs::path;

/// Whether a probe's JSON says `"key": true`; blanks may stand anywhere between.
bool says_true(std::string_view json, std::string_view key) {
    const std::string quoted = "\"" + std::string(key) + "\"";
    auto at = json.find(quoted);
    if (at == std::string_view::npos) return false;
    at = json.find_first_not_of(" \t\n:", at + quoted.size());
    return at != std::string_view::npos && json.substr(at, 4) == "true";
}

std::vector<Mount> system_mounts() {
    return {{.kind = HAB_MOUNT_DEV, .target = "/dev"},
            {.kind = HAB_MOUNT_PROC, .target = "/proc"},
            {.kind = HAB_MOUNT_SYS, .target = "/sys"},
            {.kind = HAB_MOUNT_TMPFS, .target = "/run", .options = "mode=755"}};
}

class ChrootBackend {
public:
    class Studio {
    public:
        Studio(Host host, StudioSpec spec) : host_(host), spec_(std::move(spec)) {}

        ExecResult run(const StudioExec& exec) {
            SandboxSpec sandbox;
            sandbox.argv = exec.argv;
            sandbox.env = environment(exec);
            sandbox.cwd = exec.cwd.empty() ? "/" : exec.cwd;
            sandbox.root = spec_.root_dir;
            sandbox.hostname = spec_.name;
            sandbox.mounts = system_mounts();
            sandbox.mounts.insert(sandbox.mounts.end(), spec_.mounts.begin(), spec_.mounts.end());
            sandbox.flags = exec.tty ? HAB_SANDBOX_TTY : 0u;
            sandbox.namespaces =
                HAB_NAMESPACE_MOUNT | HAB_NAMESPACE_PID | HAB_NAMESPACE_IPC | HAB_NAMESPACE_UTS;
            if (!spec_.network) sandbox.namespaces |= HAB_NAMESPACE_NET;
            sandbox.identity = Identity{0, 0, {}};
            sandbox.limits = spec_.limits;
            sandbox.stdin_fd = exec.stdin_fd;
            sandbox.stdout_fd = exec.stdout_fd;
            sandbox.stderr_fd = exec.stderr_fd;
            sandbox.timeout_ms = exec.timeout_ms;
            return host_.require<Sandbox>().run(sandbox);
        }

        void remove() { host_.require<Sandbox>().remove_tree(spec_.root_dir); }

    private:
        [[nodiscard]] std::vector<KeyValue> environment(const StudioExec& exec) const {
            std::map<std::string, std::string> all = {
                {"HOME", "/root"}, {"LC_ALL", "POSIX"}, {"STUDIO_TYPE", spec_.type}};
            for (const KeyValue& item : spec_.env)
                all[item.key] = item.value;
            for (const KeyValue& item : exec.env)
                all[item.key] = item.value;
            std::vector<KeyValue> list;
            for (auto& [key, value] : all)
                list.push_back({key, value});
            return list;
        }

        Host host_;
        StudioSpec spec_;
    };

    explicit ChrootBackend(Host host) : host_(host) {}

    Probe probe() {
        Probe result;
        const auto sandbox = host_.find<Sandbox>();
        if (!sandbox) return {false, {"this hab does not offer sandboxes"}};
        const std::string machine = sandbox->probe();
        if (!says_true(machine, "root")) {
            result.reasons.emplace_back(
                "the chroot studio needs root, because it mounts and changes "
                "the root directory");
        } else if (!says_true(machine, "mount_namespaces")) {
            result.reasons.emplace_back(
                "this machine does not let root make a mount namespace; in a "
                "container, that takes the capability SYS_ADMIN");
        }
        result.usable = result.reasons.empty();
        return result;
    }

    std::unique_ptr<Studio> open(const StudioSpec& spec) {
        check(spec);
        if (spec.fresh) host_.require<Sandbox>().remove_tree(spec.root_dir);
        chroot_studio::prepare_tree(spec.root_dir, spec.type, spec.mounts);
        return std::make_unique<Studio>(host_, spec);
    }

    std::vector<StudioListing> list(std::string_view home) {
        std::vector<StudioListing> found;
        std::error_code missing;
        for (const auto& entry : chroot_studio::fs::directory_iterator(path(home), missing)) {
            const auto type = chroot_studio::studio_type(entry.path());
            if (!type) continue;
            found.push_back({entry.path().filename().string(), entry.path().string(), *type});
        }
        std::sort(found.begin(), found.end(),
                  [](const auto& a, const auto& b) { return a.root < b.root; });
        return found;
    }

private:
    static void check(const StudioSpec& spec) {
        const path root(spec.root_dir);
        if (!root.is_absolute() || root.lexically_normal().relative_path().empty()) {
            raise(HAB_STATUS_USAGE, "cannot make a studio at '" + spec.root_dir +
                                        "': it must be an absolute path other than '/'");
        }
        if (spec.type != "default") {
            raise(HAB_STATUS_UNSUPPORTED,
                  "the chroot studio has no studios of type '" + spec.type + "'",
                  "use type 'default'");
        }
        if (spec.fresh && chroot_studio::fs::exists(root) && !chroot_studio::fs::is_empty(root) &&
            !chroot_studio::studio_type(root)) {
            raise(HAB_STATUS_USAGE,
                  "will not clean '" + spec.root_dir + "': it holds something other than a studio",
                  "choose another directory");
        }
    }

    Host host_;
};

}  // namespace

HAB_STUDIO(ChrootBackend, "chroot", "1.0.0",
           "Builds in a changed root with its own mounts; needs root", .vendor = "The hab project",
           .licence = "Apache-2.0", .thread_model = HAB_THREADS_FREE,
           .flags = HAB_PLUGIN_NEEDS_ROOT);
