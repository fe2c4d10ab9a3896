// SPDX-License-Identifier: Apache-2.0
//
// hab.fs/1: files that appear complete or not at all, temporary and cache directories.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "host.hpp"

namespace hab::sdk {

/// A file being written. It appears at its path on commit(); otherwise nothing is left behind.
class AtomicFile {
public:
    AtomicFile(const hab_host* host, const hab_fs_service* table, hab_file* file) noexcept
        : host_(host), table_(table), file_(file) {}
    AtomicFile(AtomicFile&& other) noexcept
        : host_(other.host_), table_(other.table_), file_(std::exchange(other.file_, nullptr)) {}
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile() {
        if (file_ != nullptr) table_->discard(file_);
    }

    void write(std::string_view bytes) const {
        const detail::CallError error(host_);
        error.check(table_->write(file_, bytes.data(), bytes.size(), error.get()), HAB_SERVICE_FS);
    }
    void write_at(std::uint64_t offset, std::string_view bytes) const {
        const detail::CallError error(host_);
        error.check(table_->write_at(file_, offset, bytes.data(), bytes.size(), error.get()),
                    HAB_SERVICE_FS);
    }
    /// Puts the file in place, synced, replacing what was there.
    void commit() {
        const detail::CallError error(host_);
        error.check(table_->commit(std::exchange(file_, nullptr), error.get()), HAB_SERVICE_FS);
    }

private:
    const hab_host* host_;
    const hab_fs_service* table_;
    hab_file* file_;
};

class Fs : public Service<hab_fs_service> {
public:
    static constexpr const char* id = HAB_SERVICE_FS;
    Fs(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// A new empty directory that the host removes when the instance goes.
    [[nodiscard]] std::string temp_dir(std::string_view prefix) const {
        detail::StringSink path;
        call(id, &Table::temp_dir, host(), to_abi(prefix), path.abi());
        return std::move(path.text());
    }
    [[nodiscard]] AtomicFile create(std::string_view path, std::uint32_t mode = 0644) const {
        hab_file* file = nullptr;
        call(id, &Table::open, host(), to_abi(path), mode, &file);
        return {host(), table(), file};
    }
    /// Deletes a tree; refuses to cross mounts. Fine if it does not exist.
    void remove_tree(std::string_view path) const {
        call(id, &Table::remove_tree, host(), to_abi(path));
    }
    /// A directory that stays between runs, for this plugin only.
    [[nodiscard]] std::string cache_dir() const {
        detail::StringSink path;
        call(id, &Table::cache_dir, host(), path.abi());
        return std::move(path.text());
    }
};

}  // namespace hab::sdk
