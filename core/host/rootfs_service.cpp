// SPDX-License-Identifier: Apache-2.0
// hab.rootfs/1
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "host/abi_copy.hpp"
#include "host/image.hpp"
#include "host/stage.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {
namespace {

std::vector<package::Ident> to_idents(const hab_str* items, std::size_t count) {
    std::vector<package::Ident> idents;
    for (std::size_t i = 0; i < count; ++i) {
        idents.push_back(package::Ident::parse(plugin::from_abi(items[i])));
    }
    return idents;
}

ImageOptions to_options(const hab_rootfs_options& given) {
    ImageOptions options;
    options.accounts = (given.flags & HAB_ROOTFS_ACCOUNTS) != 0;
    options.init = (given.flags & HAB_ROOTFS_INIT) != 0;
    options.binlinks = (given.flags & HAB_ROOTFS_BINLINKS) != 0;
    options.dirs = (given.flags & HAB_ROOTFS_DIRS) != 0;
    options.hab = (given.flags & HAB_ROOTFS_HAB) != 0;
    options.user = text(given.user);
    options.group = text(given.group);
    options.extra = to_idents(given.extra_idents, given.extra_ident_count);
    return options;
}

Image make_image(const hab_host* host, const hab_str* idents, std::size_t count,
                 const hab_rootfs_options* options) {
    return Image(Context::of(host).state().packages(), to_idents(idents, count),
                 to_options(copy_covered(options)));
}

void check_cancelled(const hab_host* host) {
    if (Context::of(host).cancelled()) {
        throw Error(ErrorCode::cancelled, "reading the packages was cancelled");
    }
}

/// A visitor that wants no more, with the status it gave.
struct Stopped {
    hab_status status;
};

void require(hab_status status) {
    if (status != HAB_STATUS_OK) throw Stopped{status};
}

std::uint32_t to_abi_type(EntryType type) {
    switch (type) {
        case EntryType::file:
            return HAB_ENTRY_FILE;
        case EntryType::dir:
            return HAB_ENTRY_DIR;
        case EntryType::symlink:
            return HAB_ENTRY_SYMLINK;
        case EntryType::hardlink:
            return HAB_ENTRY_HARDLINK;
    }
    return HAB_ENTRY_FILE;
}

void visit(const hab_host* host, const ImageEntry& entry, std::uint64_t mtime,
           const hab_rootfs_visitor& visitor) {
    check_cancelled(host);
    hab_rootfs_entry raw{};
    raw.struct_size = sizeof raw;
    raw.type = to_abi_type(entry.type);
    raw.mode = entry.mode;
    raw.layer = entry.layer;
    raw.path = plugin::to_abi(entry.path);
    raw.link = plugin::to_abi(entry.link);
    raw.ident = plugin::to_abi(entry.ident);
    raw.size = entry.size;
    raw.mtime = mtime;
    require(visitor.entry(visitor.ctx, &raw));
    if (entry.type != EntryType::file) return;
    if (visitor.data != nullptr) {
        read_entry(entry, [&](std::string_view bytes) {
            check_cancelled(host);
            require(visitor.data(visitor.ctx, bytes.data(), bytes.size()));
        });
    }
    if (visitor.file_end != nullptr) require(visitor.file_end(visitor.ctx));
}

hab_status walk(const hab_host* host, const hab_str* idents, std::size_t ident_count,
                const hab_rootfs_options* options, const hab_rootfs_visitor* raw,
                hab_error* error) noexcept {
    hab_status stopped = HAB_STATUS_OK;
    const hab_status status = plugin::guard_service(error, [&] {
        const hab_rootfs_visitor visitor = copy_covered(raw);
        if (visitor.entry == nullptr)
            throw Error(ErrorCode::usage, "a walk needs an entry function");
        const Image image = make_image(host, idents, ident_count, options);
        const std::uint64_t mtime = copy_covered(options).mtime;
        try {
            for (const ImageEntry& entry : image.entries())
                visit(host, entry, mtime, visitor);
        } catch (const Stopped& stop) {
            stopped = stop.status;
        }
    });
    return status != HAB_STATUS_OK ? status : stopped;
}

hab_status stage(const hab_host* host, const hab_str* idents, std::size_t ident_count,
                 const hab_rootfs_options* options, hab_str dir, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const Image image = make_image(host, idents, ident_count, options);
        stage_image(image, text(dir), copy_covered(options).mtime, [&] { check_cancelled(host); });
    });
}

hab_status describe(const hab_host* host, const hab_str* idents, std::size_t ident_count,
                    const hab_rootfs_options* options, hab_sink json, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        plugin::put(json, to_json(make_image(host, idents, ident_count, options).describe()));
    });
}

}  // namespace

const hab_rootfs_service rootfs_table = {sizeof(hab_rootfs_service), walk, stage, describe};

}  // namespace hab::host
