// SPDX-License-Identifier: Apache-2.0
#include "archive_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <sys/stat.h>

#include <exception>

namespace tar_exporter {

using hab::sdk::raise;
using hab::sdk::RootfsEntry;

struct ArchiveWriter::Impl {
    explicit Impl(std::function<void(std::string_view)> sink) : put(std::move(sink)) {}
    ~Impl() {
        // Giving up: what libarchive would still write is not wanted.
        if (handle != nullptr && !finished) archive_write_fail(handle);
        archive_write_free(handle);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    /// libarchive is C: an exception must not cross it.
    static la_ssize_t write(archive*, void* context, const void* data, std::size_t size) noexcept {
        auto* self = static_cast<Impl*>(context);
        try {
            self->put(std::string_view(static_cast<const char*>(data), size));
            return static_cast<la_ssize_t>(size);
        } catch (...) {  // an edge: check() rethrows it
            self->failure = std::current_exception();
            return -1;
        }
    }

    void check(la_ssize_t result, const char* tried) const {
        if (result >= ARCHIVE_OK) return;
        if (failure) std::rethrow_exception(failure);
        const char* reason = archive_error_string(handle);
        raise(HAB_STATUS_IO,
              std::string("cannot ") + tried + ": " + (reason != nullptr ? reason : "?"));
    }

    std::function<void(std::string_view)> put;
    std::exception_ptr failure;
    archive* handle = archive_write_new();
    bool finished = false;
};

ArchiveWriter::ArchiveWriter(Compression compression, int level,
                             std::function<void(std::string_view)> put)
    : impl_(std::make_unique<Impl>(std::move(put))) {
    archive* handle = impl_->handle;
    if (handle == nullptr) raise(HAB_STATUS_FAILED, "cannot make an archive: out of memory");
    // PAX only where ustar cannot say it (paths above 100 bytes): every tar reads the result.
    impl_->check(archive_write_set_format_pax_restricted(handle), "choose the format");
    const bool gzip = compression == Compression::gzip;
    impl_->check(
        gzip ? archive_write_add_filter_gzip(handle) : archive_write_add_filter_zstd(handle),
        "choose the compression");
    // gzip would put the time of writing into its header.
    if (gzip)
        impl_->check(archive_write_set_filter_option(handle, "gzip", "timestamp", nullptr),
                     "set up gzip");
    if (level != 0) {
        const std::string text = std::to_string(level);
        impl_->check(
            archive_write_set_filter_option(handle, nullptr, "compression-level", text.c_str()),
            "set the compression level");
    }
    impl_->check(archive_write_set_bytes_in_last_block(handle, 1), "set up the archive");
    impl_->check(archive_write_open(handle, impl_.get(), nullptr, &Impl::write, nullptr),
                 "open the archive");
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::entry(const RootfsEntry& entry) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> raw(archive_entry_new(),
                                                                            &archive_entry_free);
    const std::string path(entry.path);
    const std::string link(entry.link);
    archive_entry_set_pathname(raw.get(), path.c_str());
    archive_entry_set_perm(raw.get(), static_cast<mode_t>(entry.mode));
    archive_entry_set_uid(raw.get(), entry.uid);
    archive_entry_set_gid(raw.get(), entry.gid);
    archive_entry_set_mtime(raw.get(), static_cast<time_t>(entry.mtime), 0);
    archive_entry_set_size(raw.get(), 0);
    switch (entry.type) {
        case HAB_ENTRY_DIR:
            archive_entry_set_filetype(raw.get(), AE_IFDIR);
            break;
        case HAB_ENTRY_SYMLINK:
            archive_entry_set_filetype(raw.get(), AE_IFLNK);
            archive_entry_set_symlink(raw.get(), link.c_str());
            break;
        case HAB_ENTRY_HARDLINK:
            archive_entry_set_filetype(raw.get(), AE_IFREG);
            archive_entry_set_hardlink(raw.get(), link.c_str());
            break;
        case HAB_ENTRY_FILE:
            archive_entry_set_filetype(raw.get(), AE_IFREG);
            archive_entry_set_size(raw.get(), static_cast<la_int64_t>(entry.size));
            break;
        default:
            raise(HAB_STATUS_UNSUPPORTED,
                  "cannot put '" + path + "' into a tar file: unknown type of entry");
    }
    impl_->check(archive_write_header(impl_->handle, raw.get()), ("write '" + path + "'").c_str());
}

void ArchiveWriter::data(std::string_view bytes) {
    impl_->check(archive_write_data(impl_->handle, bytes.data(), bytes.size()),
                 "write a file's content");
}

void ArchiveWriter::finish() {
    impl_->check(archive_write_close(impl_->handle), "finish the archive");
    impl_->finished = true;
}

}  // namespace tar_exporter
