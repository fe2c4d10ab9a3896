// SPDX-License-Identifier: Apache-2.0
//
// hab.rootfs/1: the content of an image made of packages, computed by the host so that every
// exporter agrees on it. Nothing is copied to disk unless stage() is asked to.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Rootfs flags: what to add to the packages and their run-time dependencies.
#define HAB_ROOTFS_ACCOUNTS (1u << 0)  ///< /etc/passwd, /etc/group, /etc/nsswitch.conf …
#define HAB_ROOTFS_INIT (1u << 1)      ///< /init.sh that starts the primary service
#define HAB_ROOTFS_BINLINKS (1u << 2)  ///< /bin links to programs of the packages named
#define HAB_ROOTFS_DIRS (1u << 3)  ///< /tmp, /root, /var/tmp, /proc, /sys, /dev … as directories
#define HAB_ROOTFS_HAB (1u << 4)   ///< hab itself and its supervisor, in /hab/bin
/// What an image that boots by itself needs.
#define HAB_ROOTFS_FULL \
    (HAB_ROOTFS_ACCOUNTS | HAB_ROOTFS_INIT | HAB_ROOTFS_BINLINKS | HAB_ROOTFS_DIRS | HAB_ROOTFS_HAB)

/// How to compute the content.
typedef struct hab_rootfs_options {
    uint32_t struct_size;
    uint32_t flags;               ///< HAB_ROOTFS_ACCOUNTS …
    uint64_t mtime;               ///< seconds since 1970, for every entry
    hab_str user;                 ///< service user; empty = from the package, else "hab"
    hab_str group;                ///< service group; empty = likewise
    const hab_str* extra_idents;  ///< further packages, e.g. a shell; no accounts, no binlinks
    size_t extra_ident_count;
} hab_rootfs_options;

/// Types of entry.
#define HAB_ENTRY_FILE 1u
#define HAB_ENTRY_DIR 2u
#define HAB_ENTRY_SYMLINK 3u
#define HAB_ENTRY_HARDLINK 4u  ///< `link` is the path of an earlier entry

/// One entry. Owners are numeric and do not depend on who runs the export.
typedef struct hab_rootfs_entry {
    uint32_t struct_size;
    uint32_t type;  ///< HAB_ENTRY_FILE …
    uint32_t mode;  ///< permission bits, 07777
    uint32_t uid;
    uint32_t gid;
    uint32_t layer;  ///< 0 for the most basic package, rising; added files come last
    hab_str path;    ///< no leading "/" and no "." parts: "hab/pkgs/…"
    hab_str link;    ///< target of a link
    hab_str ident;   ///< package it belongs to; empty for added files
    uint64_t size;   ///< bytes of data that follow; files only
    uint64_t mtime;  ///< seconds since 1970
} hab_rootfs_entry;

/// Gets the content in a fixed order: parents before children, one layer after the other, inside a
/// layer sorted by path as bytes. If a function returns something other than HAB_STATUS_OK, the
/// walk ends with that status.
typedef struct hab_rootfs_visitor {
    uint32_t struct_size;
    void* ctx;
    /// A new entry.
    hab_status (*entry)(void* ctx, const hab_rootfs_entry* entry);
    /// Next part of the last file's data; in all exactly entry.size bytes. NULL: contents are not
    /// read at all.
    hab_status (*data)(void* ctx, const void* data, size_t size);
    /// After the last byte of each file, also of an empty one. May be NULL.
    hab_status (*file_end)(void* ctx);
} hab_rootfs_visitor;

/// Service "hab.rootfs/1".
typedef struct hab_rootfs_service {
    uint32_t struct_size;
    /// Walks the content of an image of these packages (the first is the primary) and all they need
    /// at run time. HAB_STATUS_CANCELLED on cancellation.
    hab_status (*walk)(const hab_host* host, const hab_str* idents, size_t ident_count,
                       const hab_rootfs_options* options, const hab_rootfs_visitor* visitor,
                       hab_error* error);
    /// Writes the same content below an existing empty directory. Owners are set only as root.
    hab_status (*stage)(const hab_host* host, const hab_str* idents, size_t ident_count,
                        const hab_rootfs_options* options, hab_str dir, hab_error* error);
    /// Writes a JSON object about it: {"primary":ident,"idents":[…],"user":…,"group":…,"uid":n,
    /// "gid":n,"env":{…},"entrypoint":[…],"cmd":[…],"exposes":[n…],"volumes":[…],"entries":n,
    /// "bytes":n}.
    hab_status (*describe)(const hab_host* host, const hab_str* idents, size_t ident_count,
                           const hab_rootfs_options* options, hab_sink json, hab_error* error);
} hab_rootfs_service;

#ifdef __cplusplus
}
#endif
