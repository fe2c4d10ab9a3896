// SPDX-License-Identifier: Apache-2.0
#include "package/archive/compress.hpp"

#include <fmt/format.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace hab::package {
namespace {

constexpr std::size_t buffer_size = 1u << 18;

unsigned threads_of(const PackOptions& options) {
    if (options.threads != 0) return options.threads;
    return std::max(1u, std::thread::hardware_concurrency());
}

class XzCompressor final : public Compressor {
public:
    XzCompressor(const PackOptions& options, const ByteSink& sink)
        : sink_(sink), out_(buffer_size) {
        // Always the multi-threaded encoder, even for one thread: its blocks have a fixed size, so
        // the number of threads leaves no trace in the bytes.
        lzma_mt settings{};
        settings.threads = threads_of(options);
        settings.preset = static_cast<std::uint32_t>(options.compression.level);
        settings.check = LZMA_CHECK_CRC64;
        settings.block_size = block_size_of(settings.preset);
        check(::lzma_stream_encoder_mt(&stream_, &settings));
    }
    XzCompressor(const XzCompressor&) = delete;
    XzCompressor& operator=(const XzCompressor&) = delete;
    ~XzCompressor() override { ::lzma_end(&stream_); }

    void write(std::span<const std::byte> bytes) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        stream_.avail_in = bytes.size();
        while (stream_.avail_in > 0)
            step(LZMA_RUN);
    }
    void finish() override {
        while (step(LZMA_FINISH) != LZMA_STREAM_END) {
        }
    }

private:
    /// One dictionary: a third of liblzma's default, so that two blocks fit into the memory that a
    /// reader may use and are decoded at once.
    static std::uint64_t block_size_of(std::uint32_t preset) {
        lzma_options_lzma settings{};
        if (::lzma_lzma_preset(&settings, preset) != 0) check(LZMA_OPTIONS_ERROR);
        return std::max<std::uint64_t>(settings.dict_size, 1u << 20);
    }
    lzma_ret step(lzma_action action) {
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out_.data());
        stream_.avail_out = out_.size();
        const lzma_ret result = ::lzma_code(&stream_, action);
        if (result != LZMA_STREAM_END) check(result);
        const std::size_t made = out_.size() - stream_.avail_out;
        if (made > 0) sink_(std::span(out_).first(made));
        return result;
    }
    static void check(lzma_ret result) {
        if (result == LZMA_OK) return;
        if (result == LZMA_MEM_ERROR) {
            throw Error(ErrorCode::failed, "there is not enough memory to compress with xz",
                        "use a lower --compression-level");
        }
        throw Error(ErrorCode::bug,
                    fmt::format("the xz encoder failed with code {}", static_cast<int>(result)));
    }

    const ByteSink& sink_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    std::vector<std::byte> out_;
};

class ZstdCompressor final : public Compressor {
public:
    ZstdCompressor(const PackOptions& options, const ByteSink& sink)
        : sink_(sink), context_(::ZSTD_createCCtx()), out_(buffer_size) {
        if (!context_)
            throw Error(ErrorCode::failed, "there is not enough memory to compress with zstd");
        set(ZSTD_c_compressionLevel, options.compression.level);
        set(ZSTD_c_checksumFlag, 1);
        // At least one worker, and jobs of a fixed size: then the number of workers leaves no trace
        // in the bytes. Jobs of 2 MiB need a third of the memory of the default at 2 % more output
        // (measured).
        set(ZSTD_c_nbWorkers, static_cast<int>(threads_of(options)));
        set(ZSTD_c_jobSize, 2 << 20);
        set(ZSTD_c_overlapLog, 3);
        if (options.compression.level == usual_zstd_level) {
            // Half of the level's tables fit the second-level cache of a core: 18 % less time at
            // 2 % more output (measured). Who asks for more gets the level as zstd has it.
            set(ZSTD_c_hashLog, 16);
            set(ZSTD_c_chainLog, 15);
        }
    }
    void write(std::span<const std::byte> bytes) override {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        while (in.pos < in.size)
            step(in, ZSTD_e_continue);
    }
    void finish() override {
        ZSTD_inBuffer in{nullptr, 0, 0};
        while (step(in, ZSTD_e_end) != 0) {
        }
    }

private:
    struct Free {
        void operator()(ZSTD_CCtx* context) const noexcept { ::ZSTD_freeCCtx(context); }
    };
    void set(ZSTD_cParameter parameter, int value) {
        check(::ZSTD_CCtx_setParameter(context_.get(), parameter, value));
    }
    std::size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective directive) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const std::size_t left =
            check(::ZSTD_compressStream2(context_.get(), &out, &in, directive));
        if (out.pos > 0) sink_(std::span(out_).first(out.pos));
        return left;
    }
    static std::size_t check(std::size_t result) {
        if (::ZSTD_isError(result) == 0) return result;
        throw Error(ErrorCode::failed,
                    fmt::format("compressing with zstd failed: {}", ::ZSTD_getErrorName(result)));
    }

    const ByteSink& sink_;
    std::unique_ptr<ZSTD_CCtx, Free> context_;
    std::vector<std::byte> out_;
};

class NoCompressor final : public Compressor {
public:
    explicit NoCompressor(const ByteSink& sink) : sink_(sink) {}
    void write(std::span<const std::byte> bytes) override { sink_(bytes); }
    void finish() override {}

private:
    const ByteSink& sink_;
};

}  // namespace

std::unique_ptr<Compressor> make_compressor(const PackOptions& options, const ByteSink& sink) {
    switch (options.compression.format) {
        case Compression::xz:
            return std::make_unique<XzCompressor>(options, sink);
        case Compression::zstd:
            return std::make_unique<ZstdCompressor>(options, sink);
        case Compression::none:
            break;
    }
    return std::make_unique<NoCompressor>(sink);
}

}  // namespace hab::package
