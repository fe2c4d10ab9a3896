// SPDX-License-Identifier: Apache-2.0
// Compressions that packages hardly ever have, through libarchive's filters.
#include <fmt/format.h>

#include <exception>
#include <utility>

#include "base/error.hpp"
#include "package/archive/decoder.hpp"
#include "package/archive/handles.hpp"
#include "package/archive/refusal.hpp"

namespace hab::package {
namespace {

constexpr unsigned char gzip_magic[] = {0x1f, 0x8b};
constexpr unsigned char compress_magic[] = {0x1f, 0x9d};
constexpr unsigned char bzip2_magic[] = {'B', 'Z', 'h'};
constexpr unsigned char lz4_magic[] = {0x04, 0x22, 0x4d, 0x18};

class FilterDecoder final : public Decoder {
public:
    FilterDecoder(DecoderInput& input, std::string what)
        : input_(input), what_(std::move(what)), handle_(::archive_read_new()) {
        // Exactly one filter: libarchive would otherwise undo one compression after another.
        if (choose_filter() != ARCHIVE_OK) {
            // A warning means that it would run a program for it.
            throw Error(
                ErrorCode::unsupported,
                fmt::format("the content of '{}' cannot be unpacked: the libarchive of this "
                            "machine does not decode {}",
                            what_, format_),
                "use an artifact that is compressed with xz or zstd");
        }
        check(::archive_read_support_format_raw(handle_.get()));
        check(::archive_read_open(handle_.get(), this, nullptr, &FilterDecoder::feed, nullptr));
        archive_entry* entry = nullptr;
        check(::archive_read_next_header(handle_.get(), &entry));
    }

    std::size_t read(std::span<std::byte> out) override {
        const la_ssize_t n = ::archive_read_data(handle_.get(), out.data(), out.size());
        if (n < 0) check(ARCHIVE_FATAL);
        if (n == 0) {
            const auto used = static_cast<std::uint64_t>(::archive_filter_bytes(handle_.get(), -1));
            if (used < handed_) {
                refuse_content(
                    what_, fmt::format("there are bytes after the end of the {} data", format_));
            }
            input_.consume(std::exchange(lent_, 0));
            require_end(input_, what_, format_);
        }
        return static_cast<std::size_t>(n);
    }

private:
    int choose_filter() {
        const auto start = input_.peek();
        if (begins_with(start, gzip_magic)) {
            format_ = "gzip";
            return ::archive_read_support_filter_gzip(handle_.get());
        }
        if (begins_with(start, bzip2_magic)) {
            format_ = "bzip2";
            return ::archive_read_support_filter_bzip2(handle_.get());
        }
        if (begins_with(start, lz4_magic)) {
            format_ = "lz4";
            return ::archive_read_support_filter_lz4(handle_.get());
        }
        format_ = "compress";
        return ::archive_read_support_filter_compress(handle_.get());
    }

    static la_ssize_t feed(archive*, void* self, const void** buffer) noexcept {
        auto* decoder = static_cast<FilterDecoder*>(self);
        try {
            decoder->input_.consume(std::exchange(decoder->lent_, 0));
            const auto bytes = decoder->input_.peek();
            *buffer = bytes.data();
            decoder->lent_ = bytes.size();
            decoder->handed_ += bytes.size();
            return static_cast<la_ssize_t>(bytes.size());
        } catch (...) {  // C code calls this: check() throws it again on the other side
            decoder->failure_ = std::current_exception();
            return -1;
        }
    }

    void check(int result) {
        if (result == ARCHIVE_OK) return;
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        refuse_content(
            what_, fmt::format("the {} data is corrupt ({})", format_, error_text(handle_.get())));
    }

    DecoderInput& input_;
    std::string what_;
    ArchiveHandle handle_;
    std::string_view format_;
    std::exception_ptr failure_;
    std::size_t lent_ = 0;      ///< bytes of the input that libarchive looks at
    std::uint64_t handed_ = 0;  ///< bytes it was given altogether
};

}  // namespace

bool is_filter_format(std::span<const std::byte> start) {
    return begins_with(start, gzip_magic) || begins_with(start, compress_magic) ||
           begins_with(start, bzip2_magic) || begins_with(start, lz4_magic);
}

std::unique_ptr<Decoder> make_filter_decoder(DecoderInput& input, const std::string& what) {
    return std::make_unique<FilterDecoder>(input, what);
}

}  // namespace hab::package
