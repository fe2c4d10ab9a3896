// SPDX-License-Identifier: Apache-2.0
//
// Running programs: hab.process/1 for plain ones, hab.sandbox/1 for ones with their own root,
// mounts, namespaces and limits. Plugins never fork, chdir or mount by themselves.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How a program ended; caller sets struct_size, the host fills what it covers.
typedef struct hab_exec_result {
    uint32_t struct_size;
    int32_t exit_code;    ///< as from exit(); 128 + signal if a signal ended it
    int32_t term_signal;  ///< signal that ended it, else 0
    uint32_t flags;       ///< HAB_EXEC_TIMED_OUT …
    uint64_t wall_ms;     ///< from start to end
    uint64_t max_rss;     ///< bytes; 0 = unknown
} hab_exec_result;

#define HAB_EXEC_TIMED_OUT (1u << 0)  ///< killed because timeout_ms passed
#define HAB_EXEC_CANCELLED (1u << 1)  ///< killed because cancelled() became true
#define HAB_EXEC_OOM (1u << 2)        ///< a memory limit was hit

/// A program to run to its end. Borrowed for the call.
typedef struct hab_process_spec {
    uint32_t struct_size;
    uint32_t flags;       ///< HAB_PROCESS_INHERIT_ENV
    const hab_str* argv;  ///< argv[0] is an absolute path or is looked up in the env's PATH
    size_t argv_count;
    const hab_kv* env;  ///< whole environment, or additions with HAB_PROCESS_INHERIT_ENV
    size_t env_count;
    hab_str cwd;           ///< absolute; empty = "/"
    hab_str stdin_data;    ///< fed to standard input, then end of file
    hab_sink stdout_sink;  ///< put == NULL: thrown away
    hab_sink stderr_sink;  ///< put == NULL: goes to the host's log, line by line
    uint64_t timeout_ms;   ///< 0 = none
} hab_process_spec;

#define HAB_PROCESS_INHERIT_ENV (1u << 0)  ///< start from the host's environment

/// Service "hab.process/1".
typedef struct hab_process_service {
    uint32_t struct_size;
    /// Runs the program and waits. HAB_STATUS_OK means it was started and has ended, whatever its
    /// exit code; HAB_STATUS_CANCELLED if it was killed on cancellation. The whole process group is
    /// killed on timeout or cancellation.
    hab_status (*run)(const hab_host* host, const hab_process_spec* spec, hab_exec_result* result,
                      hab_error* error);
} hab_process_service;

/// Kinds of mount.
#define HAB_MOUNT_BIND 1u  ///< `source` on the host appears at `target`, with what is mounted below
#define HAB_MOUNT_TMPFS \
    2u                     ///< empty memory file system; `options` as for mount -o (size=…, mode=…)
#define HAB_MOUNT_PROC 3u  ///< proc of the new pid namespace
#define HAB_MOUNT_SYS 4u   ///< /sys of the host, read-only unless a net namespace is new
#define HAB_MOUNT_DEV 5u   ///< small /dev: null zero full random urandom tty, pts, shm, fd links
#define HAB_MOUNT_DEVPTS 6u  ///< new instance of devpts

/// Mount flags.
#define HAB_MOUNT_READ_ONLY (1u << 0)
#define HAB_MOUNT_NO_SUID (1u << 1)
#define HAB_MOUNT_NO_DEV (1u << 2)
#define HAB_MOUNT_NO_EXEC (1u << 3)
#define HAB_MOUNT_OPTIONAL (1u << 4)  ///< skipped if the source does not exist

/// One mount inside a sandbox or studio, made in order, in the sandbox's own mount namespace.
/// Mount points are created if missing (a file for a file, else a directory).
typedef struct hab_mount {
    uint32_t struct_size;
    uint32_t kind;    ///< HAB_MOUNT_BIND …
    uint32_t flags;   ///< HAB_MOUNT_READ_ONLY …
    hab_str source;   ///< absolute host path; HAB_MOUNT_BIND only
    hab_str target;   ///< absolute path inside the root; never escapes it, links or not
    hab_str options;  ///< HAB_MOUNT_TMPFS only
} hab_mount;

/// Resource limits; 0 = none. Where the host cannot enforce one it says so in the log.
typedef struct hab_limits {
    uint32_t struct_size;
    uint32_t cpu_millis;    ///< thousandths of a CPU
    uint64_t memory_bytes;  ///< for everything in the sandbox together
    uint64_t pids;          ///< processes and threads
    uint64_t open_files;    ///< per process
} hab_limits;

/// `count` ids starting at `inside` in the user namespace are `outside`… on the host.
/// Frozen: may be embedded.
typedef struct hab_id_map {
    uint32_t inside;
    uint32_t outside;
    uint32_t count;
} hab_id_map;

/// Namespaces to create.
#define HAB_NAMESPACE_USER (1u << 0)
#define HAB_NAMESPACE_MOUNT (1u << 1)  ///< implied by a root or mounts
#define HAB_NAMESPACE_PID (1u << 2)
#define HAB_NAMESPACE_NET (1u << 3)  ///< without interfaces but lo: no network
#define HAB_NAMESPACE_IPC (1u << 4)
#define HAB_NAMESPACE_UTS (1u << 5)

/// Sandbox flags.
#define HAB_SANDBOX_TTY (1u << 0)           ///< stdin_fd is a terminal: new session, controlling
#define HAB_SANDBOX_NO_NEW_PRIVS (1u << 1)  ///< set-user-id programs gain nothing
#define HAB_SANDBOX_ROOT_READ_ONLY (1u << 2)
#define HAB_SANDBOX_HAS_IDS (1u << 3)  ///< uid, gid and groups are to be set

/// A program and the small world it runs in. Borrowed for the call; fds stay the caller's.
typedef struct hab_sandbox_spec {
    uint32_t struct_size;
    uint32_t flags;       ///< HAB_SANDBOX_TTY …
    uint32_t namespaces;  ///< HAB_NAMESPACE_USER …
    uint32_t uid;         ///< inside; with HAB_SANDBOX_HAS_IDS
    uint32_t gid;
    int32_t stdin_fd;  ///< -1 = /dev/null
    int32_t stdout_fd;
    int32_t stderr_fd;
    const hab_str* argv;  ///< argv[0] absolute inside the root, or looked up in the env's PATH
    size_t argv_count;
    const hab_kv* env;  ///< the whole environment
    size_t env_count;
    hab_str cwd;       ///< inside the root; empty = "/"
    hab_str root;      ///< host directory that becomes "/"; empty = the host's own root
    hab_str hostname;  ///< with HAB_NAMESPACE_UTS; empty = unchanged
    const hab_mount* const* mounts;  ///< made in order
    size_t mount_count;
    const hab_id_map* uid_maps;  ///< with HAB_NAMESPACE_USER
    size_t uid_map_count;
    const hab_id_map* gid_maps;
    size_t gid_map_count;
    const uint32_t* groups;  ///< supplementary groups, with HAB_SANDBOX_HAS_IDS
    size_t group_count;
    const hab_limits* limits;  ///< NULL = none
    uint64_t timeout_ms;       ///< 0 = none; then everything inside is killed
} hab_sandbox_spec;

/// Service "hab.sandbox/1".
typedef struct hab_sandbox_service {
    uint32_t struct_size;
    /// Runs the program and waits; as hab_process_service.run. When it returns, no process of the
    /// sandbox is left (with HAB_NAMESPACE_PID) and nothing is mounted on the host. Cancellation
    /// kills everything inside.
    hab_status (*run)(const hab_host* host, const hab_sandbox_spec* spec, hab_exec_result* result,
                      hab_error* error);
    /// Deletes a directory tree; fine if it does not exist. Refuses, before deleting anything, if
    /// something is mounted below; never follows links or crosses into another file system.
    hab_status (*remove_tree)(const hab_host* host, hab_str path, hab_error* error);
    /// Writes a JSON object of what this machine allows: {"root":bool,"user_namespaces":bool,
    /// "mount_namespaces":bool,"cgroups":"v1"|"v2"|"hybrid"|"none","reasons":[text…]}.
    hab_status (*probe)(const hab_host* host, hab_sink json, hab_error* error);
} hab_sandbox_service;

#ifdef __cplusplus
}
#endif
