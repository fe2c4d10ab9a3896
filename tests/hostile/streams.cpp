// SPDX-License-Identifier: Apache-2.0
// Compressed data that is damaged, says too much, or grows without end.
#include "hostile/compressions.hpp"
#include "hostile/corpus.hpp"
#include "hostile/tar_bytes.hpp"

namespace hab::hostile {
namespace {

constexpr std::uint64_t gigabyte = std::uint64_t{1} << 30;

HostileArchive stream(std::string title, std::function<std::string()> payload,
                      const std::string& sentence) {
    return {std::move(title), std::move(payload), sentence, sentence};
}

std::string good_tar() {
    return TarBytes().package().file(evil_prefix + "/f", std::string(3000, 'x')).tar();
}

/// The header of a file in the middle of which the zeros come.
std::string head_of(const std::string& name, std::uint64_t size) {
    return TarBytes().package().member({.name = name, .size = size}).unfinished();
}

}  // namespace

void add_streams(std::vector<HostileArchive>& all) {
    for (const std::string format : {"xz", "zstd", "gzip", "bzip2", "lz4", "lzma", "lzip"}) {
        const auto packed = [format] { return compress(format, good_tar()); };
        all.push_back(stream(
            format + "-cut",
            [packed] {
                const std::string bytes = packed();
                return bytes.substr(0, bytes.size() / 2);
            },
            "cannot be unpacked"));
        all.push_back(stream(
            format + "-then-garbage", [packed] { return packed() + "garbage"; },
            "cannot be unpacked"));
        all.push_back(stream(
            format + "-flipped",
            [packed] {
                std::string bytes = packed();
                for (std::size_t i = bytes.size() / 3; i < bytes.size() / 2; ++i)
                    bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
                return bytes;
            },
            "cannot be unpacked"));
    }
    all.push_back(stream(
        "xz-two-streams",
        [] {
            return compress("xz", good_tar()) +
                   compress("xz", TarBytes().file("/etc/x", "x").tar());
        },
        "there are bytes after the end of the xz data"));
    all.push_back(stream(
        "zstd-two-frames-two-archives",
        [] {
            return compress("zstd", good_tar()) +
                   compress("zstd", TarBytes().file("/etc/x", "x").tar());
        },
        "there are bytes after its end"));
    all.push_back(stream(
        "compressed-twice", [] { return compress("gzip", compress("xz", good_tar())); },
        "not a sound tar archive"));
    all.push_back(stream("nothing", [] { return std::string(); }, "there is none"));
    all.push_back(
        stream("text", [] { return std::string(4096, 't'); }, "neither a tar nor compressed"));
    all.push_back(stream(
        "zip", [] { return "PK\3\4" + std::string(600, '\0'); }, "neither a tar nor compressed"));
    all.push_back(stream(
        "plain-tar-then-garbage", [] { return good_tar() + "garbage"; },
        "there are bytes after its end"));
}

void add_bombs(std::vector<HostileArchive>& all) {
    const std::string bomb = "it is a bomb";
    for (const std::string format : {"xz", "zstd", "gzip", "lzma"}) {
        all.push_back(stream(
            format + "-bomb",
            [format] {
                return compress_bomb(format, head_of(evil_prefix + "/f", gigabyte), gigabyte / 2,
                                     {});
            },
            bomb));
    }
    all.push_back(stream(
        "bomb-of-members",
        [] {
            const std::string block =
                TarBytes().file(evil_prefix + "/f", std::string(16'384, 'x')).unfinished();
            std::string members = TarBytes().package().unfinished();
            for (int i = 0; i < 5'000; ++i)
                members += block;
            return compress("zstd", members);
        },
        bomb));
    all.push_back({"bomb-of-directories",
                   [] {
                       std::string members = TarBytes().package().unfinished();
                       std::string long_name = evil_prefix + "/";
                       for (int i = 0; i < 16; ++i)
                           long_name += std::string(230, 'd') + "/";
                       for (int i = 0; i < 4600; ++i) {
                           members += TarBytes()
                                          .gnu_long('L', long_name + std::to_string(i))
                                          .directory("x")
                                          .unfinished();
                       }
                       return compress("zstd", members + std::string(1024, '\0'));
                   },
                   "is one directory too many", ""});
    // Headers that ask for memory before a byte of content comes.
    all.push_back(stream(
        "zstd-window-of-2-gigabytes",
        [] {
            return std::string("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9) + std::string(600, '\0');
        },
        "asks for more memory"));
    all.push_back(stream(
        "lzma-dictionary-of-2-gigabytes",
        [] {
            return std::string("\x5d\x00\x00\x00\x80", 5) + std::string(8, '\xff') +
                   std::string(600, '\0');
        },
        "asks for more memory"));
    all.push_back(stream(
        "lzip-dictionary-of-512-megabytes",
        [] { return std::string("LZIP\x01\x1d", 6) + std::string(600, '\0'); },
        "asks for more memory"));
}

}  // namespace hab::hostile
