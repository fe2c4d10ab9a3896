// SPDX-License-Identifier: Apache-2.0
//
// How a library says which plugins it holds: the entry symbol, descriptors, options, and the ELF
// section that tells the same without running code.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Kinds of plugin: which api table a descriptor carries. Never renumbered.
#define HAB_KIND_EXPORTER 1u  ///< hab_exporter_api, word "exporter"
#define HAB_KIND_STUDIO 2u    ///< hab_studio_api, word "studio"
#define HAB_KIND_TOPOLOGY 3u  ///< hab_topology_api, word "topology"
#define HAB_KIND_TEMPLATE 4u  ///< hab_template_api, word "template"

/// Option types. The host refuses malformed values, so a plugin sees only these forms:
#define HAB_OPTION_STRING 1u    ///< any text                                       word "string"
#define HAB_OPTION_PATH 2u      ///< made absolute by the host; need not exist      word "path"
#define HAB_OPTION_INT 3u       ///< decimal, fits int64                            word "int"
#define HAB_OPTION_BOOL 4u      ///< "true" or "false"                              word "bool"
#define HAB_OPTION_SIZE 5u      ///< bytes in decimal; users may type 64K, 10M, 2G  word "size"
#define HAB_OPTION_DURATION 6u  ///< milliseconds in decimal; users type 250ms, 5s  word "duration"
#define HAB_OPTION_IDENT 7u     ///< package identity origin/name[/version[/rel]]   word "ident"
#define HAB_OPTION_URL 8u       ///< scheme://…                                     word "url"
#define HAB_OPTION_SECRET 9u    ///< any text; never logged or shown                word "secret"
#define HAB_OPTION_LIST 10u     ///< comma-separated text, blanks around items cut  word "list"

/// Option flags.
#define HAB_OPTION_REQUIRED (1u << 0)    ///< create is refused without a value
#define HAB_OPTION_REPEATABLE (1u << 1)  ///< may be given several times
#define HAB_OPTION_HIDDEN (1u << 2)      ///< left out of help
#define HAB_OPTION_PER_RUN (1u << 3)     ///< handed to each run in its request, not to create

/// One option of a plugin. Text is NUL-terminated and static; NULL means "none".
typedef struct hab_option_desc {
    uint32_t struct_size;
    uint32_t type;               ///< HAB_OPTION_STRING …
    uint32_t flags;              ///< HAB_OPTION_REQUIRED …
    const char* name;            ///< as after "--": [a-z][a-z0-9-]{0,31}
    const char* value_name;      ///< placeholder in help, e.g. "FILE"
    const char* help;            ///< one line
    const char* env;             ///< environment variable read when the option is not given
    const char* default_value;   ///< used when neither option nor variable is given
    const char* const* choices;  ///< NULL-terminated list of the allowed values, or NULL
} hab_option_desc;

/// Thread models: how many calls may run at once. Any call may come on any thread.
#define HAB_THREADS_ONE_PER_LIBRARY 0u   ///< one call at a time in the whole library
#define HAB_THREADS_ONE_PER_INSTANCE 1u  ///< one call at a time per instance
#define HAB_THREADS_FREE 2u              ///< any number of calls at once

/// Descriptor flags: facts for the host's messages and choices, not permissions.
#define HAB_PLUGIN_NEEDS_ROOT (1u << 0)
#define HAB_PLUGIN_NEEDS_NETWORK (1u << 1)
#define HAB_PLUGIN_LONG_RUNNING (1u << 2)

/// One plugin. Static, immutable, lives as long as the library (which is never unloaded).
typedef struct hab_plugin_desc {
    uint32_t struct_size;
    uint32_t kind;          ///< HAB_KIND_EXPORTER …
    uint32_t thread_model;  ///< HAB_THREADS_ONE_PER_LIBRARY …
    uint32_t flags;         ///< HAB_PLUGIN_NEEDS_ROOT …
    const char* id;         ///< unique inside a kind: [a-z0-9-]{1,32}
    const char* version;    ///< the plugin's own; semver
    const char* summary;    ///< one line
    const char* vendor;     ///< may be NULL, as the next two
    const char* licence;    ///< SPDX expression
    const char* url;
    /// NULL-terminated list of pointers (each option may grow), or NULL.
    const hab_option_desc* const* options;
    /// Makes an instance. `host` stays valid until destroy returns; `config` only during the call.
    /// On failure *self is left alone and destroy is not called.
    hab_status (*create)(const hab_host* host, const hab_config* config, void** self,
                         hab_error* error);
    /// Ends an instance: joins its threads, gives everything back. Never fails.
    void (*destroy)(void* self);
    /// The kind's table (hab_exporter_api …); its first member is uint32_t struct_size.
    const void* api;
} hab_plugin_desc;

/// Everything one library holds.
typedef struct hab_plugin_table {
    uint32_t struct_size;
    uint32_t abi_minor;  ///< HAB_ABI_MINOR the library was built with
    uint32_t count;
    const hab_plugin_desc* const* items;
} hab_plugin_table;

/// Type of the entry function.
typedef const hab_plugin_table* (*hab_plugin_entry_fn)(void);

/// Name of the entry function; the ABI major is part of it.
#define HAB_PLUGIN_ENTRY_NAME "hab_plugin_entry_v1"

/// Marks the entry function: the only symbol a plugin exports.
#define HAB_PLUGIN_EXPORT __attribute__((visibility("default"), used))

/// The one function a plugin library exports. Pure: no I/O, no threads; the same answer each time.
HAB_PLUGIN_EXPORT const hab_plugin_table* hab_plugin_entry_v1(void);

/// Section that carries the metadata: NUL-separated `key=value` strings, one group per plugin, each
/// group starting with `abi=1.0`. docs/formats/plugin-metadata.md lists the keys. The C++ macros
/// (HAB_EXPORTER …) write it; in C, define
///   static const char meta[] HAB_METADATA_SECTION = "abi=1.0\0kind=exporter\0id=x\0version=1\0…";
#define HAB_METADATA_SECTION_NAME "habplug"
#define HAB_METADATA_SECTION \
    __attribute__((section(HAB_METADATA_SECTION_NAME), used, retain, aligned(1)))

#ifdef __cplusplus
}
#endif
