// SPDX-License-Identifier: Apache-2.0
#include "package/archive/pack.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/tree.hpp"
#include "package/archive/compress.hpp"
#include "package/archive/handles.hpp"

namespace hab::package {
namespace {

constexpr std::size_t block_size = 1u << 19;

/// Writes one tree as GNU tar (the flavour upstream writes: names are bytes, of any length).
class Packer {
public:
    Packer(const std::string& prefix, const PackOptions& options, const ByteSink& sink)
        : prefix_(prefix),
          options_(options),
          compressor_(make_compressor(options, sink)),
          tar_(::archive_write_new()),
          entry_(::archive_entry_new()),
          buffer_(block_size) {
        tar_buffer_.reserve(block_size);
        check(::archive_write_set_format_gnutar(tar_.get()));
        check(::archive_write_add_filter_none(tar_.get()));
        check(::archive_write_set_bytes_per_block(tar_.get(), 0));
        check(::archive_write_open(tar_.get(), this, nullptr, &Packer::receive, nullptr));
    }

    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    /// Freeing an archive that was not finished writes its end: nobody wants that any more.
    ~Packer() {
        wanted_ = false;
        tar_.reset();
    }

    void add(const std::string& relative, const fs::path& path, const struct stat& info) {
        const std::string member = relative.empty() ? prefix_ : prefix_ + "/" + relative;
        ::archive_entry_clear(entry_.get());
        ::archive_entry_set_pathname(entry_.get(), member.c_str());
        ::archive_entry_set_mode(entry_.get(), info.st_mode);
        ::archive_entry_set_uname(entry_.get(), "root");
        ::archive_entry_set_gname(entry_.get(), "root");
        const std::int64_t mtime =
            std::min<std::int64_t>(info.st_mtim.tv_sec, options_.newest_mtime);
        ::archive_entry_set_mtime(entry_.get(), mtime, 0);
        switch (info.st_mode & S_IFMT) {
            case S_IFDIR:
                write_header();
                break;
            case S_IFLNK:
                add_link(path);
                break;
            case S_IFREG:
                add_file(member, path, info);
                break;
            default:
                throw Error(
                    ErrorCode::invalid_input,
                    fmt::format("cannot pack '{}': it is neither file, directory nor symbolic "
                                "link",
                                path.string()),
                    "remove it before the package is made");
        }
        ++result_.entries;
    }

    PackResult finish() {
        check(::archive_write_close(tar_.get()));
        flush();
        compressor_->finish();
        return result_;
    }

private:
    /// libarchive's write callback. C code calls it: what the sink throws is kept and thrown by
    /// check().
    static la_ssize_t receive(archive*, void* self, const void* bytes, std::size_t size) noexcept {
        auto* packer = static_cast<Packer*>(self);
        try {
            packer->take({static_cast<const std::byte*>(bytes), size});
            return static_cast<la_ssize_t>(size);
        } catch (...) {
            packer->failure_ = std::current_exception();
            return -1;
        }
    }
    void take(std::span<const std::byte> bytes) {
        if (!wanted_) return;
        if (tar_buffer_.size() + bytes.size() > block_size) flush();
        if (bytes.size() >= block_size) {
            compressor_->write(bytes);
        } else {
            tar_buffer_.insert(tar_buffer_.end(), bytes.begin(), bytes.end());
        }
    }
    void flush() {
        if (!tar_buffer_.empty()) compressor_->write(tar_buffer_);
        tar_buffer_.clear();
    }
    void check(int result) {
        if (result == ARCHIVE_OK) return;
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        throw Error(ErrorCode::failed,
                    fmt::format("writing the archive failed: {}", error_text(tar_.get())));
    }
    void write_header() { check(::archive_write_header(tar_.get(), entry_.get())); }

    void add_link(const fs::path& path) {
        const auto target = read_link(path);
        if (!target) {
            throw Error(ErrorCode::conflict,
                        fmt::format("'{}' changed while it was being packed", path.string()));
        }
        ::archive_entry_set_symlink(entry_.get(), target->c_str());
        write_header();
    }

    void add_file(const std::string& member, const fs::path& path, const struct stat& info) {
        if (info.st_nlink > 1) {
            const auto [first, is_new] =
                links_.try_emplace(std::pair(info.st_dev, info.st_ino), member);
            if (!is_new) {
                ::archive_entry_set_hardlink(entry_.get(), first->second.c_str());
                ::archive_entry_set_size(entry_.get(), 0);
                write_header();
                return;
            }
        }
        ::archive_entry_set_size(entry_.get(), info.st_size);
        write_header();
        copy_content(path, static_cast<std::uint64_t>(info.st_size));
    }

    void copy_content(const fs::path& path, std::uint64_t size) {
        const UniqueFd fd = open_file(path, O_RDONLY | O_NOFOLLOW);
        std::uint64_t left = size;
        while (left > 0) {
            const std::size_t want = std::min<std::uint64_t>(left, buffer_.size());
            const ssize_t n = ::read(fd.get(), buffer_.data(), want);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw Error::from_errno(fmt::format("cannot read '{}'", path.string()));
            if (n == 0) {
                throw Error(
                    ErrorCode::conflict,
                    fmt::format("'{}' became shorter while it was being packed", path.string()),
                    "nothing may write into the tree while it is packed");
            }
            const auto got = static_cast<std::size_t>(n);
            if (::archive_write_data(tar_.get(), buffer_.data(), got) != n) check(ARCHIVE_FATAL);
            left -= got;
            result_.content += got;
            if (options_.progress) options_.progress(result_.content);
        }
    }

    const std::string& prefix_;
    const PackOptions& options_;
    std::unique_ptr<Compressor> compressor_;
    ArchiveHandle tar_;
    EntryHandle entry_;
    std::vector<std::byte> buffer_;
    std::vector<std::byte> tar_buffer_;
    std::map<std::pair<dev_t, ino_t>, std::string> links_;
    std::exception_ptr failure_;
    bool wanted_ = true;
    PackResult result_;
};

}  // namespace

PackResult pack_tree(const fs::path& tree, const std::string& prefix, const PackOptions& options,
                     const ByteSink& sink) {
    struct stat root{};
    if (::lstat(tree.c_str(), &root) != 0) {
        throw Error::from_errno(fmt::format("cannot pack '{}'", tree.string()));
    }
    if (!S_ISDIR(root.st_mode)) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot pack '{}': it is not a directory", tree.string()));
    }
    Packer packer(prefix, options, sink);
    packer.add("", tree, root);
    walk_tree(tree,
              [&](const TreeEntry& entry) { packer.add(entry.relative, entry.path, entry.info); });
    return packer.finish();
}

}  // namespace hab::package
