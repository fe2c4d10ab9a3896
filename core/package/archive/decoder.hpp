// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "package/archive_module.hpp"

namespace hab::package {

/// The compressed bytes, with a look ahead. Borrows the source.
class DecoderInput {
public:
    explicit DecoderInput(const ByteSource& source);
    /// At least one byte that was not consumed yet; empty at the end of the source.
    [[nodiscard]] std::span<const std::byte> peek();
    void consume(std::size_t count) { ready_ = ready_.subspan(count); }
    /// Bytes the source has delivered.
    [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }

private:
    const ByteSource& source_;
    std::vector<std::byte> buffer_;
    std::span<const std::byte> ready_;
    std::uint64_t delivered_ = 0;
};

/// A streaming decompressor.
class Decoder {
public:
    virtual ~Decoder() = default;
    /// Fills the front of `out`, at least one byte; 0 when the content and the source have both
    /// ended. Throws invalid_input for damaged data and for bytes after the end of the content,
    /// unsupported for data that asks for more memory than allowed.
    virtual std::size_t read(std::span<std::byte> out) = 0;
};

struct DecoderOptions {
    unsigned workers = 1;      ///< threads of the xz decoder
    std::uint64_t memory = 0;  ///< bytes it may use
};

/// Chooses by the first bytes: xz, zstd, gzip, bzip2, lzma, lzip, lz4, compress, or none at all (tar).
/// Throws invalid_input for an unknown format. `what` names the archive in errors; `input` is borrowed.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(DecoderInput& input, const std::string& what,
                                                    const DecoderOptions& options);

/// Those that liblzma decodes, and those that libarchive decodes.
[[nodiscard]] std::unique_ptr<Decoder> make_lzma_decoder(DecoderInput& input,
                                                         const std::string& what,
                                                         const DecoderOptions& options);
[[nodiscard]] std::unique_ptr<Decoder> make_filter_decoder(DecoderInput& input,
                                                           const std::string& what);
/// Whether the bytes begin as something these two decode.
[[nodiscard]] bool is_lzma_format(std::span<const std::byte> start);
[[nodiscard]] bool is_filter_format(std::span<const std::byte> start);

/// Throws invalid_input unless the source has ended: a reader that ignores what another one reads
/// would see another package.
void require_end(DecoderInput& input, const std::string& what, std::string_view format);

/// Throws unsupported: the data asks for more memory than that.
[[noreturn]] void refuse_memory(const std::string& what, std::string_view format,
                                std::uint64_t allowed);

template <std::size_t N>
[[nodiscard]] bool begins_with(std::span<const std::byte> bytes, const unsigned char (&magic)[N]) {
    if (bytes.size() < N) return false;
    for (std::size_t i = 0; i < N; ++i) {
        if (static_cast<unsigned char>(bytes[i]) != magic[i]) return false;
    }
    return true;
}

}  // namespace hab::package
