// SPDX-License-Identifier: Apache-2.0
// What liblzma decodes: xz, and the older .lzma and lzip.
#include <fmt/format.h>
#include <lzma.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "package/archive/decoder.hpp"
#include "package/archive/refusal.hpp"

namespace hab::package {
namespace {

constexpr unsigned char xz_magic[] = {0xfd, '7', 'z', 'X', 'Z', 0x00};
constexpr unsigned char lzip_magic[] = {'L', 'Z', 'I', 'P', 0x01};
constexpr std::size_t lzma_header = 13;
constexpr unsigned max_lzma_properties = 9 * 5 * 5;

/// .lzma has no magic; what its encoders write is told by the dictionary's size (2^n or 2^n + 2^(n-1))
/// and a length that is unknown or below 256 GiB.
bool is_old_lzma(std::span<const std::byte> start) {
    if (start.size() < lzma_header || std::to_integer<unsigned>(start[0]) >= max_lzma_properties) {
        return false;
    }
    std::uint32_t dictionary = 0;
    std::uint64_t length = 0;
    std::memcpy(&dictionary, start.data() + 1, sizeof dictionary);
    std::memcpy(&length, start.data() + 5, sizeof length);
    if constexpr (std::endian::native == std::endian::big) {
        dictionary = __builtin_bswap32(dictionary);
        length = __builtin_bswap64(length);
    }
    const int ones = std::popcount(dictionary);
    const bool usual =
        ones == 1 || (ones == 2 && std::popcount(dictionary & (dictionary << 1)) == 1);
    return usual && dictionary >= 4096 &&
           (length == UINT64_MAX || length < (std::uint64_t{1} << 38));
}

class LzmaDecoder final : public Decoder {
public:
    LzmaDecoder(DecoderInput& input, std::string what, const DecoderOptions& options)
        : input_(input), what_(std::move(what)), memory_(options.memory) {
        if (open(options) == LZMA_OK) return;
        ::lzma_end(&stream_);
        throw Error(ErrorCode::failed,
                    fmt::format("there is not enough memory to decompress {}", format_));
    }
    LzmaDecoder(const LzmaDecoder&) = delete;
    LzmaDecoder& operator=(const LzmaDecoder&) = delete;
    ~LzmaDecoder() override { ::lzma_end(&stream_); }

    std::size_t read(std::span<std::byte> out) override {
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream_.avail_out = out.size();
        while (!ended_ && stream_.avail_out == out.size()) {
            const auto in = input_.peek();
            stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
            stream_.avail_in = in.size();
            code(in.empty() ? LZMA_FINISH : LZMA_RUN);
            input_.consume(in.size() - stream_.avail_in);
        }
        // One stream, as upstream reads; what another reader would take for a second one is refused.
        if (ended_) require_end(input_, what_, format_);
        return out.size() - stream_.avail_out;
    }

private:
    lzma_ret open(const DecoderOptions& options) {
        const auto start = input_.peek();
        if (begins_with(start, xz_magic)) {
            lzma_mt settings{};
            settings.threads = std::max(1u, options.workers);
            settings.memlimit_threading = options.memory;
            settings.memlimit_stop = options.memory;
            return ::lzma_stream_decoder_mt(&stream_, &settings);
        }
        if (begins_with(start, lzip_magic)) {
            format_ = "lzip";
            return ::lzma_lzip_decoder(&stream_, options.memory, 0);
        }
        format_ = "lzma";
        return ::lzma_alone_decoder(&stream_, options.memory);
    }

    void code(lzma_action action) {
        const std::size_t before = stream_.avail_out;
        switch (::lzma_code(&stream_, action)) {
            case LZMA_OK:
                return;
            case LZMA_STREAM_END:
                ended_ = true;
                return;
            case LZMA_BUF_ERROR:
                if (action == LZMA_FINISH && stream_.avail_out == before) {
                    refuse_content(what_,
                                   fmt::format("it ends in the middle of the {} data", format_));
                }
                return;
            case LZMA_MEMLIMIT_ERROR:
                refuse_memory(what_, format_, memory_);
            default:
                refuse_content(what_, fmt::format("the {} data is corrupt", format_));
        }
    }

    DecoderInput& input_;
    std::string what_;
    std::string_view format_ = "xz";
    std::uint64_t memory_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ended_ = false;
};

}  // namespace

bool is_lzma_format(std::span<const std::byte> start) {
    return begins_with(start, xz_magic) || begins_with(start, lzip_magic) || is_old_lzma(start);
}

std::unique_ptr<Decoder> make_lzma_decoder(DecoderInput& input, const std::string& what,
                                           const DecoderOptions& options) {
    return std::make_unique<LzmaDecoder>(input, what, options);
}

}  // namespace hab::package
