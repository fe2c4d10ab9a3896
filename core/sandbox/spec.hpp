// SPDX-License-Identifier: Apache-2.0
// What to run and in which small world. Plain data; nothing happens until spawn() or run() gets it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hab::sandbox {

enum class MountKind {
    bind,    ///< `source` on the host appears at `target`, with what is mounted below it
    tmpfs,   ///< empty memory file system; `options` as for mount -o ("size=64m,mode=1777")
    proc,    ///< proc of the sandbox's pid namespace
    sys,     ///< a new /sys with a net namespace, otherwise the host's, read-only
    dev,     ///< small /dev: null zero full random urandom tty, pts, shm and the fd links
    devpts,  ///< new instance of devpts
};

/// One mount in the sandbox's own mount namespace, made in the order given. Missing mount points
/// are created (a file for a file, else a directory). Targets never leave the root, links or not.
struct Mount {
    MountKind kind = MountKind::bind;
    std::filesystem::path source;  ///< absolute host path; bind only
    std::filesystem::path target;  ///< absolute, inside the root
    std::string options;           ///< tmpfs only
    bool read_only = false;        ///< also for everything mounted below the source
    bool no_suid = false;
    bool no_dev = false;
    bool no_exec = false;
    bool optional = false;  ///< skipped if the source does not exist
};

/// A read-only or writable bind mount.
[[nodiscard]] Mount bind_mount(std::filesystem::path source, std::filesystem::path target,
                               bool read_only);
/// A mount without source: tmpfs, proc, sys, dev or devpts.
[[nodiscard]] Mount special_mount(MountKind kind, std::filesystem::path target,
                                  std::string options = {});

/// `count` ids from `inside` on are `outside`… on the host.
struct IdMap {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
    std::uint32_t count = 1;
};

/// Namespaces to create. `mount` is implied by a root or mounts.
struct Namespaces {
    bool user = false;
    bool mount = false;
    bool pid = false;  ///< the program is pid 1: when it ends, everything inside is killed
    bool net = false;  ///< only a loopback interface, which is up
    bool ipc = false;
    bool uts = false;

    [[nodiscard]] bool any() const noexcept { return user || mount || pid || net || ipc || uts; }
};

/// Who the program is, as seen inside.
struct Ids {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  ///< supplementary groups, exactly these
};

/// Resource limits; 0 = none.
struct Limits {
    std::uint32_t cpu_millis = 0;    ///< thousandths of a CPU, for everything inside together
    std::uint64_t memory_bytes = 0;  ///< for everything inside together
    std::uint64_t pids = 0;          ///< processes and threads
    std::uint64_t open_files = 0;    ///< per process
};

/// Descriptors that become 0, 1 and 2. They stay the caller's. -1 = /dev/null.
struct Stdio {
    int in = -1;
    int out = -1;
    int err = -1;
};

using Environment = std::map<std::string, std::string, std::less<>>;

/// A program and its world. Every other descriptor of the caller is closed, every signal has its
/// default action and nothing is blocked.
struct Spec {
    std::vector<std::string>
        argv;         ///< argv[0] is a path, or a name looked up in env's PATH, inside
    Environment env;  ///< the whole environment
    std::filesystem::path cwd = "/";  ///< inside the root
    Stdio stdio;
    std::optional<Ids> ids;
    std::optional<mode_t> umask;
    Limits limits;

    /// Own session, hence own process group: kill_group() reaches all that does not leave it.
    bool new_session = true;
    /// stdio.in is a terminal that becomes the controlling one of the new session.
    bool controlling_terminal = false;
    /// Killed as soon as the thread that called spawn() ends; on for every run().
    bool die_with_parent = false;
    bool no_new_privileges = false;  ///< set-user-id programs gain nothing

    std::filesystem::path root;  ///< host directory that becomes "/"; empty = the host's own root
    bool root_read_only = false;
    Namespaces namespaces;
    std::string hostname;  ///< with namespaces.uts; empty = unchanged
    std::vector<Mount> mounts;
    std::vector<IdMap> uid_maps;  ///< with namespaces.user; none = the caller's own id becomes 0
    std::vector<IdMap> gid_maps;
};

/// The environment of this process.
[[nodiscard]] Environment current_environment();

}  // namespace hab::sandbox
