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

/// Kinds of hab_template_reference.
#define HAB_REFERENCE_PATH 1u     ///< a value of the data; text: its path pattern
#define HAB_REFERENCE_HELPER 2u   ///< a helper that is called; text: its name
#define HAB_REFERENCE_PARTIAL 3u  ///< a template that is included; text: its name

/// Flags of hab_template_reference.
/// Which value or partial it is shows only when rendering: a path is that of its container and ends
/// with ".**", a partial has no text.
#define HAB_REFERENCE_DYNAMIC 1u
/// Stands where it is rendered only if this value, or one above it, is there and true:
/// {{#if cfg.tls}}{{cfg.tls.key}}{{/if}}.
#define HAB_REFERENCE_GUARDED 2u
/// Only asked whether it is there: a missing value is as expected as a present one, and no error of
/// a strict render.
#define HAB_REFERENCE_TEST 4u
/// There is no such helper, or no such partial in the instance.
#define HAB_REFERENCE_UNKNOWN 8u

/// Something that a template refers to, known without data. Valid during the call.
typedef struct hab_template_reference {
    uint32_t struct_size;
    uint32_t kind;    ///< HAB_REFERENCE_PATH …
    uint32_t flags;   ///< HAB_REFERENCE_DYNAMIC …
    uint32_t line;    ///< from 1
    uint32_t column;  ///< in characters, from 1
    hab_str file;     ///< name of the template it stands in: this one or a partial
    hab_str text;
    hab_str suggestion;  ///< of an unknown helper or partial: the name that was probably meant
} hab_template_reference;

/// Learns what a template refers to.
typedef struct hab_references_sink {
    uint32_t struct_size;
    void* ctx;
    hab_status (*reference)(void* ctx, const hab_template_reference* reference);
} hab_references_sink;

/// Table of a template engine. All members up to release_data are mandatory. Handles belong to one
/// instance and are released before it is destroyed.
///
/// An engine that declares the bool option `strict` reports, when it is "true", a value that is
/// missing as an error at its place; a value that is null is not missing.
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
    /// Optional. Reports every reference of a template and of the partials it includes, in the order
    /// of the text, each as often as it is written; values that come out of helpers are not
    /// followed.
    hab_status (*inspect)(void* self, void* compiled, const hab_references_sink* out,
                          hab_error* error);
} hab_template_api;

#ifdef __cplusplus
}
#endif
