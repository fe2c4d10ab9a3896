// SPDX-License-Identifier: Apache-2.0
#include "package/archive/decoder.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "package/archive/refusal.hpp"
#include "package/archive/tar_header.hpp"

namespace hab::package {
namespace {

constexpr std::size_t input_size = 1u << 18;
constexpr unsigned char zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};

class ZstdDecoder final : public Decoder {
public:
    ZstdDecoder(DecoderInput& input, std::string what, std::uint64_t memory)
        : input_(input), what_(std::move(what)), context_(::ZSTD_createDCtx()), memory_(memory) {
        if (!context_)
            throw Error(ErrorCode::failed, "there is not enough memory to decompress zstd");
        // The window is what a frame can make the decoder allocate. Half is left for its buffers.
        const auto log = static_cast<int>(std::bit_width(memory / 2)) - 1;
        (void)::ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, log);
    }

    /// Frames one after another are one content, as for the tools of zstd.
    std::size_t read(std::span<std::byte> out) override {
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        while (output.pos == 0) {
            const auto in = input_.peek();
            if (in.empty() && between_frames_) return 0;
            ZSTD_inBuffer input{in.data(), in.size(), 0};
            const std::size_t result = ::ZSTD_decompressStream(context_.get(), &output, &input);
            if (::ZSTD_isError(result) != 0) fail(result);
            input_.consume(input.pos);
            between_frames_ = result == 0;
            if (in.empty() && output.pos == 0 && !between_frames_) {
                refuse_content(what_, "it ends in the middle of the zstd data");
            }
        }
        return output.pos;
    }

private:
    struct Free {
        void operator()(ZSTD_DCtx* context) const noexcept { ::ZSTD_freeDCtx(context); }
    };
    [[noreturn]] void fail(std::size_t result) const {
        const std::string_view text = ::ZSTD_getErrorName(result);
        if (text.find("memory") != text.npos) refuse_memory(what_, "zstd", memory_);
        refuse_content(what_, fmt::format("the zstd data is corrupt ({})", text));
    }

    DecoderInput& input_;
    std::string what_;
    std::unique_ptr<ZSTD_DCtx, Free> context_;
    std::uint64_t memory_;
    bool between_frames_ = true;
};

/// A tar without compression.
class PlainDecoder final : public Decoder {
public:
    explicit PlainDecoder(DecoderInput& input) : input_(input) {}
    std::size_t read(std::span<std::byte> out) override {
        const auto in = input_.peek();
        const std::size_t count = std::min(in.size(), out.size());
        if (count > 0) std::memcpy(out.data(), in.data(), count);
        input_.consume(count);
        return count;
    }

private:
    DecoderInput& input_;
};

}  // namespace

DecoderInput::DecoderInput(const ByteSource& source) : source_(source), buffer_(input_size) {}

std::span<const std::byte> DecoderInput::peek() {
    if (!ready_.empty()) return ready_;
    // Until the buffer is full: the format is told by the first bytes, and a tar by its first block.
    std::size_t have = 0;
    while (have < buffer_.size()) {
        const std::size_t n = source_(std::span(buffer_).subspan(have));
        if (n == 0) break;
        have += n;
    }
    delivered_ += have;
    ready_ = std::span(buffer_).first(have);
    return ready_;
}

void require_end(DecoderInput& input, const std::string& what, std::string_view format) {
    if (input.peek().empty()) return;
    refuse_content(what, fmt::format("there are bytes after the end of the {} data", format));
}

void refuse_memory(const std::string& what, std::string_view format, std::uint64_t allowed) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("the content of '{}' cannot be unpacked: its {} data asks for more memory "
                    "than the {} MiB that are allowed",
                    what, format, allowed >> 20),
        "compress it with a lower level; an artifact that is verified while it is installed "
        "may use more");
}

std::unique_ptr<Decoder> make_decoder(DecoderInput& input, const std::string& what,
                                      const DecoderOptions& options) {
    const auto start = input.peek();
    if (start.empty()) refuse_content(what, "there is none");
    if (begins_with(start, zstd_magic))
        return std::make_unique<ZstdDecoder>(input, what, options.memory);
    if (is_tar_start(start)) return std::make_unique<PlainDecoder>(input);
    if (is_lzma_format(start)) return make_lzma_decoder(input, what, options);
    if (is_filter_format(start)) return make_filter_decoder(input, what);
    refuse_content(what,
                   "it is neither a tar nor compressed in a way that hab knows (xz, zstd, "
                   "gzip, bzip2, lzma, lzip, lz4, compress)");
}

}  // namespace hab::package
