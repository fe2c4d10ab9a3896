// SPDX-License-Identifier: Apache-2.0
//
// Exporter plugins: turn installed packages into another format (image, archive, manifest).
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Export flags.
#define HAB_EXPORT_OVERWRITE (1u << 0)  ///< existing output files may be replaced

/// What to export. Borrowed for the call.
typedef struct hab_export_request {
    uint32_t struct_size;
    uint32_t flags;  ///< HAB_EXPORT_OVERWRITE
    /// Fully qualified identities of installed packages; at least one, the first is the primary.
    /// Their dependencies are not listed: hab.rootfs/1 adds them.
    const hab_str* idents;
    size_t ident_count;
    /// Options declared with HAB_OPTION_PER_RUN, validated and defaulted.
    const hab_kv* options;
    size_t option_count;
    hab_str output_dir;  ///< absolute, exists: finished artefacts go here
    hab_str work_dir;    ///< absolute, empty, writable, removed by the host afterwards
    /// Seconds since 1970 to use wherever a time is written. Same packages, options and
    /// source_epoch must give the same bytes.
    uint64_t source_epoch;
} hab_export_request;

/// Table of an exporter. `run` is mandatory.
typedef struct hab_exporter_api {
    uint32_t struct_size;
    /// Writes a JSON object that says what run() would write: {"artifacts":[{"path":…,…}]}.
    /// No side effects.
    hab_status (*plan)(void* self, const hab_export_request* request, hab_sink json,
                       hab_error* error);
    /// Writes the artefacts into output_dir (each appears complete or not at all) and announces
    /// each through hab.artifact/1.
    hab_status (*run)(void* self, const hab_export_request* request, hab_error* error);
    /// Checks an artefact that this exporter wrote earlier. Optional.
    hab_status (*verify)(void* self, hab_str artifact_path, hab_error* error);
} hab_exporter_api;

#ifdef __cplusplus
}
#endif
