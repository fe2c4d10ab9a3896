// SPDX-License-Identifier: Apache-2.0
#include "package/archive/decoder.hpp"

#include <fmt/format.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace hab::package {
namespace {

constexpr std::array<unsigned char, 6> xz_magic = {0xfd, '7', 'z', 'X', 'Z', 0x00};
constexpr std::array<unsigned char, 4> zstd_magic = {0x28, 0xb5, 0x2f, 0xfd};
/// xz -9 needs 65 MB to decode; a header that asks for much more is an attack or damage.
constexpr std::uint64_t xz_memory_limit = std::uint64_t{256} << 20;

[[noreturn]] void damaged(const std::string& what, std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the content of '{}' cannot be unpacked: {}", what, why),
                "the file is damaged: fetch or build it again");
}

class XzDecoder final : public Decoder {
public:
    XzDecoder(std::string what, unsigned workers) : what_(std::move(what)) {
        lzma_mt settings{};
        settings.threads = std::max(1u, workers);
        settings.memlimit_threading = xz_memory_limit;
        settings.memlimit_stop = xz_memory_limit;
        if (::lzma_stream_decoder_mt(&stream_, &settings) != LZMA_OK) {
            ::lzma_end(&stream_);
            throw Error(ErrorCode::failed, "there is not enough memory to decompress xz");
        }
    }
    XzDecoder(const XzDecoder&) = delete;
    XzDecoder& operator=(const XzDecoder&) = delete;
    ~XzDecoder() override { ::lzma_end(&stream_); }

    std::size_t step(std::span<const std::byte>& in, std::span<std::byte> out) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
        stream_.avail_in = in.size();
        const std::size_t made = code(LZMA_RUN, out);
        in = in.last(stream_.avail_in);
        return made;
    }
    std::size_t finish(std::span<std::byte> out) override {
        stream_.avail_in = 0;
        return ended_ ? 0 : code(LZMA_FINISH, out);
    }
    [[nodiscard]] bool ended() const noexcept override { return ended_; }

private:
    std::size_t code(lzma_action action, std::span<std::byte> out) {
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream_.avail_out = out.size();
        const lzma_ret result = ::lzma_code(&stream_, action);
        const std::size_t made = out.size() - stream_.avail_out;
        if (result == LZMA_STREAM_END) {
            ended_ = true;
        } else if (result == LZMA_BUF_ERROR && action == LZMA_FINISH && made == 0) {
            damaged(what_, "it ends in the middle of the xz data");
        } else if (result == LZMA_MEMLIMIT_ERROR) {
            damaged(what_, "the xz data asks for too much memory");
        } else if (result != LZMA_OK && result != LZMA_BUF_ERROR) {
            damaged(what_, "the xz data is corrupt");
        }
        return made;
    }

    std::string what_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ended_ = false;
};

class ZstdDecoder final : public Decoder {
public:
    explicit ZstdDecoder(std::string what) : what_(std::move(what)), context_(::ZSTD_createDCtx()) {
        if (!context_)
            throw Error(ErrorCode::failed, "there is not enough memory to decompress zstd");
    }
    std::size_t step(std::span<const std::byte>& in, std::span<std::byte> out) override {
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const std::size_t result = ::ZSTD_decompressStream(context_.get(), &output, &input);
        if (::ZSTD_isError(result) != 0) {
            damaged(what_,
                    fmt::format("the zstd data is corrupt ({})", ::ZSTD_getErrorName(result)));
        }
        in = in.subspan(input.pos);
        ended_ = result == 0;
        return output.pos;
    }
    std::size_t finish(std::span<std::byte> out) override {
        if (ended_) return 0;
        std::span<const std::byte> nothing;
        const std::size_t made = step(nothing, out);
        if (made == 0 && !ended_) damaged(what_, "it ends in the middle of the zstd data");
        return made;
    }
    [[nodiscard]] bool ended() const noexcept override { return ended_; }

private:
    struct Free {
        void operator()(ZSTD_DCtx* context) const noexcept { ::ZSTD_freeDCtx(context); }
    };
    std::string what_;
    std::unique_ptr<ZSTD_DCtx, Free> context_;
    bool ended_ = false;
};

template <std::size_t N>
bool begins_with(std::span<const std::byte> bytes, const std::array<unsigned char, N>& magic) {
    return bytes.size() >= N && std::memcmp(bytes.data(), magic.data(), N) == 0;
}

}  // namespace

std::unique_ptr<Decoder> make_decoder(std::span<const std::byte> start, std::string what,
                                      unsigned workers) {
    if (begins_with(start, xz_magic)) return std::make_unique<XzDecoder>(std::move(what), workers);
    if (begins_with(start, zstd_magic)) return std::make_unique<ZstdDecoder>(std::move(what));
    damaged(what, start.empty() ? "there is none" : "it is neither xz nor zstd data");
}

}  // namespace hab::package
