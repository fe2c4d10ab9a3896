// SPDX-License-Identifier: Apache-2.0
//
// hab.rootfs/1: the content of an image made of packages.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace hab::sdk {

/// How to compute the content; see hab_rootfs_options.
struct RootfsOptions {
    std::uint32_t flags = HAB_ROOTFS_FULL;
    std::uint64_t mtime = 0;
    std::string user = {};
    std::string group = {};
    std::vector<std::string> extra_idents = {};
};

/// One entry, with text borrowed for the call.
struct RootfsEntry {
    std::uint32_t type;  ///< HAB_ENTRY_FILE …
    std::uint32_t mode;
    std::uint32_t uid;
    std::uint32_t gid;
    std::uint32_t layer;
    std::string_view path;  ///< without a leading "/"
    std::string_view link;
    std::string_view ident;  ///< empty for files that belong to no package
    std::uint64_t size;
    std::uint64_t mtime;
};

/// What is called for each entry. `data` and `file_end` may be left empty; without `data` no
/// contents are read. Exceptions end the walk and come out of it.
struct RootfsVisitor {
    std::function<void(const RootfsEntry&)> entry;
    std::function<void(std::string_view bytes)> data = {};
    std::function<void()> file_end = {};
};

namespace detail {

struct RootfsWalk {
    const RootfsVisitor* visitor;
    Stowaway stowaway;

    static hab_status entry(void* ctx, const hab_rootfs_entry* raw) noexcept {
        auto* self = static_cast<RootfsWalk*>(ctx);
        const RootfsEntry entry{raw->type,
                                raw->mode,
                                raw->uid,
                                raw->gid,
                                raw->layer,
                                from_abi(raw->path),
                                from_abi(raw->link),
                                from_abi(raw->ident),
                                raw->size,
                                raw->mtime};
        return self->stowaway.run([&] { self->visitor->entry(entry); });
    }
    static hab_status data(void* ctx, const void* bytes, std::size_t size) noexcept {
        auto* self = static_cast<RootfsWalk*>(ctx);
        const std::string_view view(static_cast<const char*>(bytes), size);
        return self->stowaway.run([&] { self->visitor->data(view); });
    }
    static hab_status file_end(void* ctx) noexcept {
        auto* self = static_cast<RootfsWalk*>(ctx);
        return self->stowaway.run([&] { self->visitor->file_end(); });
    }
};

}  // namespace detail

class Rootfs : public Service<hab_rootfs_service> {
public:
    static constexpr const char* id = HAB_SERVICE_ROOTFS;
    using Idents = std::vector<std::string>;
    Rootfs(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Walks the content; nothing is copied to disk.
    void walk(const Idents& idents, const RootfsOptions& options,
              const RootfsVisitor& visitor) const {
        detail::RootfsWalk state{&visitor, {}};
        const hab_rootfs_visitor raw{
            .struct_size = sizeof(hab_rootfs_visitor),
            .ctx = &state,
            .entry = &detail::RootfsWalk::entry,
            .data = visitor.data ? &detail::RootfsWalk::data : nullptr,
            .file_end = visitor.file_end ? &detail::RootfsWalk::file_end : nullptr};
        with_options(idents, options, [&](const auto* list, auto count, const auto* opts) {
            try {
                call(id, &Table::walk, host(), list, count, opts, &raw);
            } catch (const Error&) {
                state.stowaway.rethrow();  // the visitor's own exception says more
                throw;
            }
        });
    }

    /// Writes the content below an existing empty directory.
    void stage(const Idents& idents, const RootfsOptions& options, std::string_view dir) const {
        with_options(idents, options, [&](const auto* list, auto count, const auto* opts) {
            call(id, &Table::stage, host(), list, count, opts, to_abi(dir));
        });
    }

    /// JSON text about it; keys in abi/rootfs.h.
    [[nodiscard]] std::string describe(const Idents& idents, const RootfsOptions& options) const {
        detail::StringSink json;
        with_options(idents, options, [&](const auto* list, auto count, const auto* opts) {
            call(id, &Table::describe, host(), list, count, opts, json.abi());
        });
        return std::move(json.text());
    }

private:
    template <class Fn>
    static void with_options(const Idents& idents, const RootfsOptions& options, Fn&& fn) {
        const auto list = to_abi_list(idents);
        const auto extra = to_abi_list(options.extra_idents);
        const hab_rootfs_options raw{.struct_size = sizeof(hab_rootfs_options),
                                     .flags = options.flags,
                                     .mtime = options.mtime,
                                     .user = to_abi(options.user),
                                     .group = to_abi(options.group),
                                     .extra_idents = extra.data(),
                                     .extra_ident_count = extra.size()};
        fn(list.data(), list.size(), &raw);
    }
};

}  // namespace hab::sdk
