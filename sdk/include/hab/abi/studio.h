// SPDX-License-Identifier: Apache-2.0
//
// Studio plugins: the clean place in which packages are built.
#pragma once

#include "basic.h"
#include "sandbox.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Studio flags.
#define HAB_STUDIO_NETWORK (1u << 0)  ///< programs inside may use the network
#define HAB_STUDIO_FRESH (1u << 1)    ///< an existing studio at the root is removed first
/// Opened only to be removed: nothing is made or refreshed, so that it works on a full disk.
#define HAB_STUDIO_FOR_REMOVAL (1u << 2)

/// A studio to open. Borrowed for the call: keep copies of what run() needs.
typedef struct hab_studio_spec {
    uint32_t struct_size;
    uint32_t flags;    ///< HAB_STUDIO_NETWORK …
    hab_str root_dir;  ///< absolute host path of the studio
    hab_str name;      ///< for people and for engines that need one: [a-z0-9-]{1,63}
    /// What upstream calls the studio type; empty = that of the studio there, else "default".
    hab_str type;
    /// What every program inside sees: one read-only bind per package, the source, results,
    /// caches and the directory with the build's FIFOs. Secret keys are never among them.
    const hab_mount* const* mounts;
    size_t mount_count;
    const hab_kv* env;  ///< environment of every program inside
    size_t env_count;
    const hab_limits* limits;  ///< NULL = none
} hab_studio_spec;

/// Exec flags.
#define HAB_STUDIO_EXEC_TTY (1u << 0)  ///< the fds are a terminal: `enter`

/// A program to run inside. Borrowed for the call; fds stay the caller's.
typedef struct hab_studio_exec {
    uint32_t struct_size;
    uint32_t flags;       ///< HAB_STUDIO_EXEC_TTY
    const hab_str* argv;  ///< argv[0] as seen inside
    size_t argv_count;
    const hab_kv* env;  ///< added to the studio's, replacing same names
    size_t env_count;
    hab_str cwd;        ///< inside; empty = "/"
    int32_t stdin_fd;   ///< -1 = /dev/null
    int32_t stdout_fd;  ///< -1 = /dev/null
    int32_t stderr_fd;
    uint64_t timeout_ms;  ///< 0 = none
} hab_studio_exec;

/// Table of a studio. All but `list` are mandatory.
typedef struct hab_studio_api {
    uint32_t struct_size;
    /// Is this studio usable here? Writes {"usable":bool,"reasons":[text…]}; the reasons of a usable
    /// one are what does not work in it. Must return within 2 s; the host may call it in a child process.
    hab_status (*probe)(void* self, hab_sink json, hab_error* error);
    /// Opens the studio at root_dir, making it if it does not exist. *studio is then passed to
    /// run, remove and close.
    hab_status (*create)(void* self, const hab_studio_spec* spec, void** studio, hab_error* error);
    /// Runs a program inside and waits. HAB_STATUS_OK means it ran, whatever its exit code.
    hab_status (*run)(void* self, void* studio, const hab_studio_exec* spec,
                      hab_exec_result* result, hab_error* error);
    /// Removes the studio and its root. Idempotent; never deletes through a mount; refuses while
    /// foreign mounts are below. The handle stays valid until close.
    hab_status (*remove)(void* self, void* studio, hab_error* error);
    /// Gives the handle back, leaving the studio where it is. Never fails.
    void (*close)(void* self, void* studio);
    /// Writes a JSON array of the studios below `home`: [{"name":…,"root":…,"type":…}]. Optional.
    hab_status (*list)(void* self, hab_str home, hab_sink json, hab_error* error);
} hab_studio_api;

#ifdef __cplusplus
}
#endif
