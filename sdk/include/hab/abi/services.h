// SPDX-License-Identifier: Apache-2.0
//
// Small host services. Ask hab_host.service for the id; NULL means that this host lacks it.
// Every table is immutable, lives as long as the process, and may be used from any thread of the
// plugin; every function takes the host object that the instance was created with, and a
// nullable error.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HAB_SERVICE_PROGRESS "hab.progress/1"  ///< hab_progress_service
#define HAB_SERVICE_CONFIG "hab.config/1"      ///< hab_config_service
#define HAB_SERVICE_PACKAGES "hab.packages/1"  ///< hab_packages_service
#define HAB_SERVICE_TEMPLATE "hab.template/1"  ///< hab_template_service
#define HAB_SERVICE_ARTIFACT "hab.artifact/1"  ///< hab_artifact_service
#define HAB_SERVICE_FS "hab.fs/1"              ///< hab_fs_service
#define HAB_SERVICE_ROOTFS "hab.rootfs/1"      ///< hab_rootfs_service, abi/rootfs.h
#define HAB_SERVICE_PROCESS "hab.process/1"    ///< hab_process_service, abi/sandbox.h
#define HAB_SERVICE_SANDBOX "hab.sandbox/1"    ///< hab_sandbox_service, abi/sandbox.h
#define HAB_SERVICE_HTTP "hab.http/1"          ///< hab_http_service, abi/http.h

/// hab.progress/1: the host draws a bar, prints lines or writes JSON, as the user's terminal and
/// options ask.
typedef struct hab_progress_service {
    uint32_t struct_size;
    /// Begins a step; total 0 = unknown. `unit` is "bytes", "files" or a word for people. Returns a
    /// handle, never 0.
    uint64_t (*begin)(const hab_host* host, hab_str title, uint64_t total, hab_str unit);
    void (*advance)(const hab_host* host, uint64_t handle, uint64_t done);
    /// What is being worked on now, e.g. a file name.
    void (*message)(const hab_host* host, uint64_t handle, hab_str text);
    /// Ends the step; `status` tells whether it worked.
    void (*end)(const hab_host* host, uint64_t handle, hab_status status);
} hab_progress_service;

/// hab.config/1: settings outside the plugin's own options, e.g. "origin" or "bldr_url".
typedef struct hab_config_service {
    uint32_t struct_size;
    /// Writes the value, and where it comes from: "flag", "env", "file" or "default".
    /// HAB_STATUS_NOT_FOUND if unset; HAB_STATUS_DENIED for secrets.
    hab_status (*get)(const hab_host* host, hab_str key, hab_sink value, hab_sink source,
                      hab_error* error);
} hab_config_service;

/// Which dependencies.
#define HAB_DEPS_DIRECT 0u
#define HAB_DEPS_TRANSITIVE 1u  ///< every package needed at run time, most basic first

/// hab.packages/1: installed packages.
typedef struct hab_packages_service {
    uint32_t struct_size;
    /// Newest installed package that matches: writes its full identity and its directory.
    hab_status (*resolve)(const hab_host* host, hab_str ident, hab_sink full_ident, hab_sink path,
                          hab_error* error);
    /// Calls `each` with every dependency's full identity and directory, until it returns something
    /// other than HAB_STATUS_OK.
    hab_status (*deps)(const hab_host* host, hab_str ident, uint32_t which, void* ctx,
                       hab_status (*each)(void* ctx, hab_str full_ident, hab_str path),
                       hab_error* error);
    /// Writes a metafile ("RUNTIME_ENVIRONMENT", "EXPOSES", …). HAB_STATUS_NOT_FOUND if absent.
    hab_status (*metafile)(const hab_host* host, hab_str ident, hab_str name, hab_sink out,
                           hab_error* error);
} hab_packages_service;

/// hab.template/1: rendering with an engine of the user's choice.
typedef struct hab_template_service {
    uint32_t struct_size;
    /// Renders `text` with JSON data. `engine` is a template plugin's id; empty = the default one.
    /// `name` appears in error positions.
    hab_status (*render)(const hab_host* host, hab_str engine, hab_str name, hab_str text,
                         hab_str json, hab_sink out, hab_error* error);
} hab_template_service;

/// A finished output of an exporter.
typedef struct hab_artifact {
    uint32_t struct_size;
    hab_str path;  ///< absolute; or a name such as an image reference, with a role that says so
    hab_str media_type;        ///< e.g. "application/gzip"
    hab_str digest;            ///< "sha256:<hex>" or empty: the host computes it
    hab_str role;              ///< "archive", "manifest", "image" …
    uint64_t size;             ///< bytes; 0 = the host looks
    const hab_kv* properties;  ///< further facts: written to the results file as given
    size_t property_count;
} hab_artifact;

/// hab.artifact/1: tells the host what was made; it prints, signs and records it.
typedef struct hab_artifact_service {
    uint32_t struct_size;
    hab_status (*announce)(const hab_host* host, const hab_artifact* artifact, hab_error* error);
} hab_artifact_service;

/// A file being written; see hab_fs_service.open.
typedef struct hab_file hab_file;

/// hab.fs/1: the file work that is easy to get wrong.
typedef struct hab_fs_service {
    uint32_t struct_size;
    /// Makes a new empty directory, mode 0700, that the host removes when the instance is
    /// destroyed.
    hab_status (*temp_dir)(const hab_host* host, hab_str prefix, hab_sink path, hab_error* error);
    /// Begins to write a file that appears at `path` only on commit, complete and synced. The
    /// parent must exist. `mode` as for chmod.
    hab_status (*open)(const hab_host* host, hab_str path, uint32_t mode, hab_file** file,
                       hab_error* error);
    /// Appends.
    hab_status (*write)(hab_file* file, const void* data, size_t size, hab_error* error);
    /// Writes at an absolute offset, for formats whose header comes last.
    hab_status (*write_at)(hab_file* file, uint64_t offset, const void* data, size_t size,
                           hab_error* error);
    /// Puts the file in place, replacing what was there. The handle ends here, whatever the result.
    hab_status (*commit)(hab_file* file, hab_error* error);
    /// Gives it up; nothing is left behind. The handle ends here.
    void (*discard)(hab_file* file);
    /// Deletes a tree; as hab_sandbox_service.remove_tree.
    hab_status (*remove_tree)(const hab_host* host, hab_str path, hab_error* error);
    /// A directory that stays between runs, for this plugin only; created if missing.
    hab_status (*cache_dir)(const hab_host* host, hab_sink path, hab_error* error);
} hab_fs_service;

#ifdef __cplusplus
}
#endif
