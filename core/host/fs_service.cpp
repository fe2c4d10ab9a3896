// SPDX-License-Identifier: Apache-2.0
// hab.fs/1
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"
#include "sandbox/mount_table.hpp"

/// A file that is being written beside its final place.
struct hab_file {
    hab::UniqueFd fd;
    hab::fs::path temporary;
    hab::fs::path target;
    std::uint32_t mode = 0644;

    ~hab_file() {
        if (!temporary.empty()) ::unlink(temporary.c_str());
    }
};

namespace hab::host {
namespace {

hab_status temp_dir(const hab_host* host, hab_str prefix, hab_sink path,
                    hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const std::string_view name = plugin::from_abi(prefix);
        if (name.find('/') != std::string_view::npos) {
            throw Error(ErrorCode::usage, "the prefix of a temporary directory must not hold '/'");
        }
        plugin::put(path, Context::of(host).make_temp_dir(name).string());
    });
}

hab_status open(const hab_host*, hab_str path, std::uint32_t mode, hab_file** file,
                hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        auto made = std::make_unique<hab_file>();
        made->target = text(path);
        made->mode = mode & 07777u;
        if (!made->target.is_absolute() || !made->target.has_filename()) {
            throw Error(ErrorCode::usage,
                        fmt::format("cannot write '{}': not an absolute path of a file",
                                    made->target.string()));
        }
        const fs::path temporary =
            made->target.parent_path() /
            fmt::format(".{}.{}", made->target.filename().string(), SystemEntropy().hex(6));
        made->fd = open_file(temporary, O_CREAT | O_EXCL | O_WRONLY, 0600);
        made->temporary = temporary;
        *file = made.release();
    });
}

std::span<const std::byte> bytes_of(const void* data, std::size_t size) {
    return {static_cast<const std::byte*>(data), size};
}

hab_status write(hab_file* file, const void* data, std::size_t size, hab_error* error) noexcept {
    return plugin::guard_service(
        error, [&] { write_all(file->fd.get(), bytes_of(data, size), file->target.string()); });
}

hab_status write_at(hab_file* file, std::uint64_t offset, const void* data, std::size_t size,
                    hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        auto rest = bytes_of(data, size);
        auto position = static_cast<off_t>(offset);
        while (!rest.empty()) {
            const ssize_t done = ::pwrite(file->fd.get(), rest.data(), rest.size(), position);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) {
                throw Error::from_errno(fmt::format("cannot write '{}'", file->target.string()));
            }
            rest = rest.subspan(static_cast<std::size_t>(done));
            position += done;
        }
    });
}

hab_status commit(hab_file* file, hab_error* error) noexcept {
    const std::unique_ptr<hab_file> owned(file);
    return plugin::guard_service(error, [&] {
        const std::string name = owned->target.string();
        if (::fchmod(owned->fd.get(), static_cast<mode_t>(owned->mode)) != 0) {
            throw Error::from_errno(fmt::format("cannot set the mode of '{}'", name));
        }
        fail_point("files.fsync", name);
        if (::fsync(owned->fd.get()) != 0) {
            throw Error::from_errno(fmt::format("cannot write '{}' to disk", name));
        }
        rename_path(owned->temporary, owned->target);
        owned->temporary.clear();  // it has its name now
        sync_path(owned->target.parent_path());
    });
}

void discard(hab_file* file) noexcept {
    const std::unique_ptr<hab_file> owned(file);
}

hab_status remove_tree(const hab_host*, hab_str path, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] { sandbox::remove_tree_unmounted(text(path)); });
}

hab_status cache_dir(const hab_host* host, hab_sink path, hab_error* error) noexcept {
    return plugin::guard_service(
        error, [&] { plugin::put(path, Context::of(host).cache_dir().string()); });
}

}  // namespace

const hab_fs_service fs_table = {sizeof(hab_fs_service),
                                 temp_dir,
                                 open,
                                 write,
                                 write_at,
                                 commit,
                                 discard,
                                 remove_tree,
                                 cache_dir};

}  // namespace hab::host
