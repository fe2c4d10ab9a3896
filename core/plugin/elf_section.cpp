// SPDX-License-Identifier: Apache-2.0
#include "plugin/elf_section.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hab::plugin {
namespace {

// Bounds on what is read, whatever the headers claim. Real plugins have 30 to 60 sections.
constexpr std::size_t max_sections = 2048;
constexpr std::size_t max_names = 64u << 10;
constexpr std::size_t max_content = 64u << 10;

#if defined(__x86_64__)
constexpr std::uint16_t own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t own_machine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif

std::string machine_name(unsigned machine) {
    static constexpr std::array<std::pair<unsigned, const char*>, 9> names = {
        {{EM_386, "i386"},
         {EM_X86_64, "x86_64"},
         {EM_ARM, "arm"},
         {EM_AARCH64, "aarch64"},
         {EM_PPC64, "ppc64"},
         {EM_S390, "s390x"},
         {EM_RISCV, "riscv"},
         {EM_MIPS, "mips"},
         {EM_SPARCV9, "sparc64"}}};
    for (const auto& [number, name] : names) {
        if (number == machine) return name;
    }
    return fmt::format("machine {}", machine);
}

/// Reads exactly `size` bytes at `offset`; false if the file ends before.
bool read_at(int fd, void* out, std::size_t size, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < size) {
        const auto got = ::pread(fd, static_cast<char*>(out) + done, size - done,
                                 static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error::from_errno("cannot read a plugin file");
        if (got == 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

ElfSection result(ElfStatus status, std::string reason) {
    return {status, std::move(reason), {}};
}

/// What is wrong with the file header, or ok.
ElfSection check_header(const Elf64_Ehdr& header) {
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return result(ElfStatus::not_elf, "not an ELF file");
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
        return result(ElfStatus::wrong_arch,
                      fmt::format("not a 64-bit little-endian library, this is {}",
                                  machine_name(own_machine)));
    }
    if (header.e_machine != own_machine) {
        return result(ElfStatus::wrong_arch,
                      fmt::format("built for {}, this is {}", machine_name(header.e_machine),
                                  machine_name(own_machine)));
    }
    if (header.e_type != ET_DYN) return result(ElfStatus::broken, "not a shared library");
    if (header.e_shoff == 0 || header.e_shnum == 0) {
        return result(ElfStatus::no_section, "has no section table");
    }
    if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum > max_sections ||
        header.e_shstrndx >= header.e_shnum || header.e_shoff > (std::uint64_t{1} << 62)) {
        return result(ElfStatus::broken, "its section table is damaged");
    }
    return result(ElfStatus::ok, {});
}

bool plausible(const Elf64_Shdr& section, std::size_t limit) {
    return section.sh_size <= limit && section.sh_offset <= (std::uint64_t{1} << 62);
}

/// Whether the NUL-terminated text at `offset` in `names` is `wanted`.
bool name_is(std::string_view names, std::size_t offset, std::string_view wanted) {
    return offset < names.size() && names.size() - offset > wanted.size() &&
           names.substr(offset, wanted.size()) == wanted && names[offset + wanted.size()] == '\0';
}

}  // namespace

ElfSection read_elf_section(int fd, std::string_view name) {
    Elf64_Ehdr header{};
    if (!read_at(fd, header.e_ident, SELFMAG, 0) ||
        std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return result(ElfStatus::not_elf, "not an ELF file");
    }
    if (!read_at(fd, &header, sizeof(header), 0)) {
        return result(ElfStatus::broken, "cut off inside its ELF header");
    }
    if (auto bad = check_header(header); bad.status != ElfStatus::ok) return bad;

    std::vector<Elf64_Shdr> sections(header.e_shnum);
    if (!read_at(fd, sections.data(), sections.size() * sizeof(Elf64_Shdr), header.e_shoff)) {
        return result(ElfStatus::broken, "cut off before its section table");
    }
    const Elf64_Shdr& name_section = sections[header.e_shstrndx];
    std::string names;
    if (!plausible(name_section, max_names)) {
        return result(ElfStatus::broken, "its section names are damaged");
    }
    names.resize(name_section.sh_size);
    if (!read_at(fd, names.data(), names.size(), name_section.sh_offset)) {
        return result(ElfStatus::broken, "cut off before its section names");
    }

    for (const auto& section : sections) {
        if (!name_is(names, section.sh_name, name)) continue;
        if (section.sh_type != SHT_PROGBITS || !plausible(section, max_content)) {
            return result(ElfStatus::broken, fmt::format("its section {} is damaged", name));
        }
        ElfSection found = result(ElfStatus::ok, {});
        found.data.resize(section.sh_size);
        if (read_at(fd, found.data.data(), found.data.size(), section.sh_offset)) return found;
        return result(ElfStatus::broken, fmt::format("cut off inside its section {}", name));
    }
    return result(ElfStatus::no_section,
                  fmt::format("has no section {}: not a hab plugin, or built without the "
                              "HAB_… macro",
                              name));
}

}  // namespace hab::plugin
