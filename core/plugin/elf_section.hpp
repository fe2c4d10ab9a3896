// SPDX-License-Identifier: Apache-2.0
// Reads one section of an ELF64 file with a few preads: never mmap (a file truncated underneath
// would raise SIGBUS), never more than a bounded number of bytes, whatever the headers claim.
#pragma once

#include <string>
#include <string_view>

namespace hab::plugin {

enum class ElfStatus {
    ok,
    not_elf,
    wrong_arch,  ///< an ELF file, but not a shared object this program could load
    no_section,
    broken,  ///< headers point outside the file, or say something impossible
};

struct ElfSection {
    ElfStatus status = ElfStatus::not_elf;
    std::string reason;  ///< a sentence part for people, e.g. "built for aarch64, this is x86_64"
    std::string data;    ///< content, at most 64 KiB
};

/// Finds a section by name. Works on any descriptor that pread works on; does not move its offset.
/// Throws hab::Error (io) only if the operating system refuses to read.
[[nodiscard]] ElfSection read_elf_section(int fd, std::string_view name);

}  // namespace hab::plugin
