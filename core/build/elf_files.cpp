// SPDX-License-Identifier: Apache-2.0
#include "build/elf_files.hpp"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "base/tree.hpp"

namespace hab::build {

std::string elf_kind(std::string_view first_bytes) noexcept {
    if (first_bytes.starts_with("!<arch>\n")) return "archive";
    if (first_bytes.size() < EI_NIDENT + 2 || !first_bytes.starts_with("\x7f"
                                                                       "ELF"))
        return "";
    const bool big_endian = first_bytes[EI_DATA] == ELFDATA2MSB;
    const auto low = static_cast<unsigned char>(first_bytes[EI_NIDENT + (big_endian ? 1 : 0)]);
    const auto high = static_cast<unsigned char>(first_bytes[EI_NIDENT + (big_endian ? 0 : 1)]);
    const unsigned type = low | (unsigned{high} << 8);
    if (type == ET_EXEC) return "executable";
    if (type == ET_DYN) return "shared";
    return "";
}

std::vector<ElfFile> find_elf_files(const fs::path& tree) {
    std::vector<ElfFile> files;
    walk_tree(tree, [&](const TreeEntry& entry) {
        if (!S_ISREG(entry.info.st_mode) || (entry.info.st_mode & S_IWUSR) == 0) return;
        const UniqueFd fd = open_file(entry.path, O_RDONLY | O_NOFOLLOW);
        std::array<char, EI_NIDENT + 2> head{};
        const ssize_t n = ::pread(fd.get(), head.data(), head.size(), 0);
        if (n <= 0) return;
        std::string kind = elf_kind({head.data(), static_cast<std::size_t>(n)});
        if (!kind.empty()) files.push_back({std::move(kind), entry.relative});
    });
    return files;
}

}  // namespace hab::build
