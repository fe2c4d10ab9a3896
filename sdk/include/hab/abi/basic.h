// SPDX-License-Identifier: Apache-2.0
//
// Basic types of the Habitat plugin ABI, major 1: text, sinks, status codes, errors and the host
// object. Include <hab/plugin.h>, which brings in every part.
//
// Rules that hold for the whole ABI:
//  - Text is UTF-8, borrowed, not NUL-terminated, valid only during the call it is passed to
//    (`const char*` members of descriptors are NUL-terminated and live as long as the library).
//  - Nobody frees what the other side allocated. Results of variable size leave through a sink.
//  - Structs that may grow start with `struct_size`, set by whoever fills the struct to
//    sizeof(its own version). Members are only ever appended. A reader looks at a member only if
//    struct_size covers it; a member that is not covered, or is NULL, means "not offered".
//    Such structs are passed by pointer, and arrays of them are arrays of pointers.
//    hab_str, hab_kv, hab_sink and hab_id_map never grow, so they may be embedded and put in
//    arrays.
//  - No exception, longjmp or signal crosses a call, in either direction.
//  - Unknown flag bits are ignored; unknown enumeration values are answered with
//    HAB_STATUS_UNSUPPORTED.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// ABI major: part of the entry symbol's name and of the plugin directory's name.
#define HAB_ABI_MAJOR 1u
/// ABI minor: grows when members or services are appended.
#define HAB_ABI_MINOR 0u

/// Outcome of a call. Values are never renumbered; treat unknown ones as HAB_STATUS_FAILED.
typedef int32_t hab_status;

#define HAB_STATUS_OK 0           ///< done
#define HAB_STATUS_FAILED 1       ///< tried and did not work; the error text says why
#define HAB_STATUS_USAGE 2        ///< the caller passed something unusable (option, path, ident)
#define HAB_STATUS_UNSUPPORTED 3  ///< this plugin or host does not offer it
#define HAB_STATUS_CANCELLED 4    ///< stopped because cancelled() became true
#define HAB_STATUS_IO 5           ///< file system or network failed
#define HAB_STATUS_NOT_FOUND 6    ///< the named thing does not exist
#define HAB_STATUS_DENIED 7       ///< permission refused
#define HAB_STATUS_BUG 8  ///< broken promise inside the callee, e.g. an unexpected exception

/// Borrowed UTF-8 text or bytes: `len` bytes at `ptr`, not NUL-terminated. ptr may be NULL if len
/// is 0.
typedef struct hab_str {
    const char* ptr;
    size_t len;
} hab_str;

/// A key and its value, both borrowed.
typedef struct hab_kv {
    hab_str key;
    hab_str value;
} hab_kv;

/// Where a result of variable size goes. `put` is called any number of times, in order, on the
/// calling thread, before the function that was given the sink returns. If it returns something
/// other than HAB_STATUS_OK the callee stops and returns that status.
/// A sink with put == NULL swallows everything.
typedef struct hab_sink {
    void* ctx;
    hab_status (*put)(void* ctx, const void* data, size_t size);
} hab_sink;

/// Text of a failure: message, hint and position. Owned by the host and opaque to plugins; filled
/// with hab_host.error_*. An error belongs to one call on one thread.
typedef struct hab_error hab_error;

/// Log levels, in rising order.
#define HAB_LOG_TRACE 0u
#define HAB_LOG_DEBUG 1u
#define HAB_LOG_INFO 2u
#define HAB_LOG_WARN 3u
#define HAB_LOG_ERROR 4u

/// What a plugin may ask of its host. Valid from create() until destroy() returns; owned by the
/// host. All functions may be called from any thread and never throw.
typedef struct hab_host {
    uint32_t struct_size;
    /// Minor version of the ABI that this host speaks.
    uint32_t abi_minor;
    /// The host's own; plugins leave it alone.
    void* ctx;

    /// Writes one line to the log; `target` names the part that speaks ("" = the plugin's id).
    void (*log)(const struct hab_host* host, uint32_t level, hab_str target, hab_str message);
    /// 1 if a line of that level would be kept: ask before formatting something costly.
    uint32_t (*log_enabled)(const struct hab_host* host, uint32_t level);

    /// Sets status and message of an error: one sentence saying what was tried, on what, and why
    /// it failed. Replaces what was set before. A NULL error is allowed and ignored.
    void (*error_set)(hab_error* error, hab_status status, hab_str message);
    /// Adds what the user can do about it.
    void (*error_hint)(hab_error* error, hab_str hint);
    /// Adds a position in a text the user wrote, such as a template; line and column count from 1,
    /// 0 = unknown. The host prints `file:line:column: message`.
    void (*error_where)(hab_error* error, hab_str file, uint32_t line, uint32_t column);

    /// A new empty error to hand to a service, for callers that want to look at the failure instead
    /// of passing it on. NULL only if memory is exhausted. Free it with error_destroy.
    hab_error* (*error_create)(const struct hab_host* host);
    /// Frees an error made by error_create; NULL is allowed.
    void (*error_destroy)(hab_error* error);
    /// Reads an error; each sink may be empty. Returns the error's status, HAB_STATUS_OK if unset.
    hab_status (*error_get)(const hab_error* error, hab_sink message, hab_sink hint);

    /// 1 once the user or the host wants the work to end. Poll at least every 100 ms in long work
    /// and return HAB_STATUS_CANCELLED.
    uint32_t (*cancelled)(const struct hab_host* host);

    /// A host service by versioned id ("hab.packages/1"), or NULL if this host lacks it. `id` is
    /// NUL-terminated. The table is immutable and lives as long as the process. See abi/services.h.
    const void* (*service)(const struct hab_host* host, const char* id);
} hab_host;

/// Options of one plugin instance: names as declared, values already validated and defaulted by
/// the host. An option without value and default is absent; a repeatable one occurs several times.
typedef struct hab_config {
    uint32_t struct_size;
    size_t count;
    const hab_kv* items;
} hab_config;

#ifdef __cplusplus
}
#endif
