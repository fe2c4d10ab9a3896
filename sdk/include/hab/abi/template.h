// SPDX-License-Identifier: Apache-2.0
//
// Template plugins: engines that render configuration files and hooks.
//
// One instance serves one package. The instance option `mode` ("classic" or "modern", if the plugin
// declares it) selects how white space is treated; see docs of each engine.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Learns which values a render looked at.
typedef struct hab_reads_sink {
    uint32_t struct_size;
    void* ctx;
    /// Called once, at the end of a successful render, with the ids of the path patterns read (also
    /// those that were missing), in no special order, each once. `ids` is valid during the call.
    hab_status (*reads)(void* ctx, const uint32_t* ids, size_t count);
} hab_reads_sink;

/// Table of a template engine. All members are mandatory. Handles belong to one instance and are
/// released before it is destroyed.
typedef struct hab_template_api {
    uint32_t struct_size;
    /// Compiles a text. Names compiled in one instance are each other's partials; compiling a name
    /// again replaces it. A syntax error sets the position with error_where(name, line, column).
    hab_status (*compile)(void* self, hab_str name, hab_str text, void** compiled,
                          hab_error* error);
    /// Turns a JSON text into data for render. Member order is kept.
    hab_status (*load)(void* self, hab_str json, void** data, hab_error* error);
    /// Replaces the value at `path` (a JSON Pointer, RFC 6901; "" is the whole) by a JSON text; a
    /// missing member is added, an empty `json` removes it. HAB_STATUS_NOT_FOUND if the parent is
    /// missing. On failure the data is unchanged.
    hab_status (*update)(void* self, void* data, hab_str path, hab_str json, hab_error* error);
    /// Renders. `out` gets blocks of up to 16 KiB. `reads` may be NULL.
    hab_status (*render)(void* self, void* compiled, void* data, hab_sink out,
                         const hab_reads_sink* reads, hab_error* error);
    /// Text of a path pattern: the path as written from the root, loops as `*`
    /// ("bind.backend.members.*.sys.ip"), a dynamic lookup as its container with ".**". Ids stay
    /// the same for the life of the instance.
    hab_status (*pattern)(void* self, uint32_t id, hab_sink out, hab_error* error);
    /// Gives a compiled template back; its name is no longer a partial unless recompiled.
    void (*release)(void* self, void* compiled);
    /// Gives data back.
    void (*release_data)(void* self, void* data);
} hab_template_api;

#ifdef __cplusplus
}
#endif
