// SPDX-License-Identifier: Apache-2.0
// Tar members, compressed or not: what is accepted has one meaning, whatever is refused is refused with
// an Error and a hint.
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

#include "base/error.hpp"
#include "package/archive/tar_reader.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void read_all(hab::package::TarReader& tar) {
    hab::package::TarMember member;
    while (tar.next(member)) {
        require(!member.name.empty() && member.name.size() < 4096);
        require(member.name.find('\0') == member.name.npos);
        require(member.symlink.size() < 4096 && member.hard_link.size() < 4096);
        const bool file = S_ISREG(member.mode) && member.hard_link.empty();
        require(file || member.size == 0);
        // Every other file is skipped instead: the next member must be found all the same.
        if (member.size % 2 == 0) continue;
        std::uint64_t size = 0;
        for (auto piece = tar.content(); !piece.empty(); piece = tar.content())
            size += piece.size();
        require(size == member.size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> left(data, size);
    const hab::package::ByteSource source = [&left](std::span<std::byte> buffer) {
        const std::size_t count = std::min(buffer.size(), left.size());
        if (count > 0) std::memcpy(buffer.data(), left.data(), count);
        left = left.subspan(count);
        return count;
    };
    hab::package::ReadLimits limits;
    limits.free_content = 1u << 20;
    try {
        hab::package::TarReader tar(source, "fuzz", limits, 1);
        read_all(tar);
        require(left.empty());
    } catch (const hab::Error& error) {
        require(!error.hint().empty());
    }
    return 0;
}
