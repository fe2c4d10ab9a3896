// SPDX-License-Identifier: Apache-2.0
#include "sandbox/id_maps.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "sandbox/run.hpp"

namespace hab::sandbox {
namespace {

std::string map_text(const std::vector<IdMap>& maps) {
    std::string text;
    for (const IdMap& map : maps) {
        text += fmt::format("{} {} {}\n", map.inside, map.outside, map.count);
    }
    return text;
}

void write_proc(pid_t child, std::string_view file, std::string_view text) {
    const std::string path = fmt::format("/proc/{}/{}", child, file);
    const UniqueFd fd = open_file(path, O_WRONLY);
    write_all(fd.get(), text, path);
}

bool only_own_id(const std::vector<IdMap>& maps, std::uint32_t own) {
    return maps.size() == 1 && maps[0].count == 1 && maps[0].outside == own;
}

/// newuidmap PID inside outside count …: set-user-id helpers that check /etc/subuid.
void run_helper(const char* program, pid_t child, const std::vector<IdMap>& maps) {
    Spec spec;
    spec.argv = {program, std::to_string(child)};
    for (const IdMap& map : maps) {
        spec.argv.push_back(std::to_string(map.inside));
        spec.argv.push_back(std::to_string(map.outside));
        spec.argv.push_back(std::to_string(map.count));
    }
    const Captured done = run_captured(spec);
    if (done.result.status.ok()) return;
    throw Error(ErrorCode::denied,
                fmt::format("cannot map ids into a user namespace: {} said: {}", program, done.err),
                "give this user a range of ids in /etc/subuid and /etc/subgid");
}

}  // namespace

void write_id_maps(pid_t child, const Spec& spec) {
    const std::vector<IdMap> uids =
        spec.uid_maps.empty() ? std::vector<IdMap>{{0, ::geteuid(), 1}} : spec.uid_maps;
    const std::vector<IdMap> gids =
        spec.gid_maps.empty() ? std::vector<IdMap>{{0, ::getegid(), 1}} : spec.gid_maps;
    const bool root = ::geteuid() == 0;
    if (root || only_own_id(uids, ::geteuid())) {
        write_proc(child, "uid_map", map_text(uids));
    } else {
        run_helper("newuidmap", child, uids);
    }
    if (root || only_own_id(gids, ::getegid())) {
        if (!root) write_proc(child, "setgroups", "deny");  // the kernel's condition, since 3.19
        write_proc(child, "gid_map", map_text(gids));
    } else {
        run_helper("newgidmap", child, gids);
    }
}

}  // namespace hab::sandbox
