// SPDX-License-Identifier: Apache-2.0
#include "container.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "tree/image_files.hpp"

namespace docker_studio {

using namespace hab::sdk;
using hab::sdk::detail::json_string;

namespace {

/// The watcher kills all but pid 1, whose program then ends, and with it the container.
constexpr std::string_view watched =
    "{ trap '' HUP INT TERM; read -r _; kill -KILL -1; } </.hab/life >/dev/null 2>&1 &\n"
    "\"$@\"\nexit $?\n";

std::string list(const std::vector<std::string>& items) {
    std::string json = "[";
    for (const std::string& item : items) {
        if (json.size() > 1) json += ',';
        json += json_string(item);
    }
    return json + "]";
}

bool lies_below(const std::string& path, const std::string& above) {
    return path.size() > above.size() && path.starts_with(above) && path[above.size()] == '/';
}

std::string mount_json(const Mount& mount) {
    const bool bind = mount.kind == HAB_MOUNT_BIND;
    std::string json = std::string(R"({"Type":)") + (bind ? R"("bind")" : R"("tmpfs")");
    if (bind) json += R"(,"Source":)" + json_string(mount.source);
    json += R"(,"Target":)" + json_string(mount.target);
    if ((mount.flags & HAB_MOUNT_READ_ONLY) != 0) json += R"(,"ReadOnly":true)";
    return json + "}";
}

std::string limits_json(const Limits& limits) {
    std::string json;
    if (limits.memory_bytes != 0) json += R"(,"Memory":)" + std::to_string(limits.memory_bytes);
    if (limits.cpu_millis != 0)
        json += R"(,"NanoCpus":)" + std::to_string(std::uint64_t{limits.cpu_millis} * 1'000'000);
    if (limits.pids != 0) json += R"(,"PidsLimit":)" + std::to_string(limits.pids);
    if (limits.open_files != 0) {
        const std::string files = std::to_string(limits.open_files);
        json += R"(,"Ulimits":[{"Name":"nofile","Soft":)" + files + R"(,"Hard":)" + files + "}]";
    }
    return json;
}

/// The image itself is read-only, so that packages are; what programs may write is copied into
/// volumes that go with the container.
std::string mounts_json(const ContainerPlan& plan) {
    std::string json = "[" + mount_json({.kind = HAB_MOUNT_BIND,
                                         .flags = HAB_MOUNT_READ_ONLY,
                                         .source = plan.life_dir,
                                         .target = "/.hab"});
    for (const char* place : {"/etc", "/home", "/opt", "/root", "/tmp", "/var"})
        json += R"(,{"Type":"volume","Target":)" + json_string(place) + "}";
    json += "," + mount_json({.kind = HAB_MOUNT_TMPFS, .target = "/run"});
    for (const Mount& mount : container_mounts(plan.spec.mounts))
        json += "," + mount_json(mount);
    return json + "]";
}

}  // namespace

std::vector<Mount> container_mounts(const std::vector<Mount>& mounts) {
    std::vector<Mount> needed;
    for (const Mount& mount : mounts) {
        struct stat info{};
        const bool optional = (mount.flags & HAB_MOUNT_OPTIONAL) != 0;
        if (optional && ::stat(mount.source.c_str(), &info) != 0) continue;
        if (mount.kind == HAB_MOUNT_TMPFS && mount.target == "/hab/pkgs") continue;
        const bool covered = std::any_of(needed.begin(), needed.end(), [&](const Mount& other) {
            return lies_below(mount.target, other.target);
        });
        if (studio_tree::shows_package(mount) && !covered) continue;
        needed.push_back(mount);
    }
    return needed;
}

std::string container_json(const ContainerPlan& plan) {
    std::vector<std::string> command = {"/bin/bash", "-c", std::string(watched), "hab"};
    command.insert(command.end(), plan.exec.argv.begin(), plan.exec.argv.end());
    std::vector<std::string> env;
    for (const KeyValue& item : plan.env)
        env.push_back(item.key + "=" + item.value);
    std::string json = R"({"Image":)" + json_string(plan.image);
    json += R"(,"Cmd":)" + list(command) + R"(,"Env":)" + list(env);
    json += R"(,"WorkingDir":)" + json_string(plan.exec.cwd.empty() ? "/" : plan.exec.cwd);
    json += R"(,"Hostname":)" + json_string(plan.spec.name);
    json += R"(,"Labels":{"hab.studio":)" + json_string(plan.label) + "}";
    json += R"(,"Tty":)" + std::string(plan.exec.tty ? "true" : "false");
    json += R"(,"OpenStdin":true,"StdinOnce":true,"AttachStdin":true,"AttachStdout":true)";
    json += R"(,"AttachStderr":true,"HostConfig":{"AutoRemove":true,"ReadonlyRootfs":true)";
    json += R"(,"NetworkMode":)" + json_string(plan.spec.network ? "host" : "none");
    json += R"(,"Mounts":)" + mounts_json(plan);
    if (plan.spec.limits) json += limits_json(*plan.spec.limits);
    return json + "}}";
}

}  // namespace docker_studio
