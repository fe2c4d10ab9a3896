// SPDX-License-Identifier: Apache-2.0
#include "hostile/compressions.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace hab::hostile {
namespace {

constexpr std::size_t block_size = 1u << 20;

struct Free {
    void operator()(archive* handle) const noexcept { ::archive_write_free(handle); }
};

/// libarchive writes every compression that hab reads; "raw" is one file without an archive around it.
class Writer {
public:
    Writer(std::string_view format, bool fast) : handle_(::archive_write_new()) {
        check(::archive_write_set_format_raw(handle_.get()));
        check(::archive_write_add_filter_by_name(handle_.get(), std::string(format).c_str()));
        if (fast) {
            check(::archive_write_set_filter_option(handle_.get(), nullptr, "compression-level",
                                                    "1"));
        }
        check(::archive_write_set_bytes_per_block(handle_.get(), 0));
        check(::archive_write_open(handle_.get(), this, nullptr, &Writer::take, nullptr));
        archive_entry* entry = ::archive_entry_new();
        ::archive_entry_set_filetype(entry, AE_IFREG);
        const int result = ::archive_write_header(handle_.get(), entry);
        ::archive_entry_free(entry);
        check(result);
    }
    void write(std::string_view bytes) {
        if (::archive_write_data(handle_.get(), bytes.data(), bytes.size()) < 0)
            check(ARCHIVE_FATAL);
    }
    std::string finish() {
        check(::archive_write_close(handle_.get()));
        return std::move(bytes_);
    }

private:
    static la_ssize_t take(archive*, void* self, const void* bytes, std::size_t size) {
        static_cast<Writer*>(self)->bytes_.append(static_cast<const char*>(bytes), size);
        return static_cast<la_ssize_t>(size);
    }
    void check(int result) {
        if (result == ARCHIVE_OK) return;
        const char* text = ::archive_error_string(handle_.get());
        throw std::runtime_error(text != nullptr ? text : "libarchive failed");
    }
    std::string bytes_;
    std::unique_ptr<archive, Free> handle_;
};

}  // namespace

std::string compress(std::string_view format, const std::string& bytes) {
    return compress_bomb(format, bytes, 0, {});
}

std::string compress_bomb(std::string_view format, const std::string& head, std::uint64_t zeros,
                          const std::string& tail) {
    // The usual level of xz takes half a minute for zeros.
    Writer writer(format, zeros > 0);
    if (!head.empty()) writer.write(head);
    const std::string block(std::min<std::uint64_t>(zeros, block_size), '\0');
    for (; zeros > 0; zeros -= std::min<std::uint64_t>(zeros, block.size())) {
        writer.write(
            std::string_view(block).substr(0, std::min<std::uint64_t>(zeros, block.size())));
    }
    if (!tail.empty()) writer.write(tail);
    return writer.finish();
}

}  // namespace hab::hostile
