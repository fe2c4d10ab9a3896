// SPDX-License-Identifier: Apache-2.0
#include "plugin/elf_section.hpp"

#include <elf.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>

#include <cstring>
#include <random>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

/// A file in memory with these bytes.
UniqueFd memory_file(std::string_view bytes) {
    UniqueFd fd(::memfd_create("elf", MFD_CLOEXEC));
    write_all(fd.get(), bytes, "memory file");
    return fd;
}

ElfSection read_bytes(std::string_view bytes) {
    return read_elf_section(memory_file(bytes).get(), "habplug");
}

std::string good_bytes() {
    return read_file(fixture_file("later"));
}

TEST(ElfSection, FindsTheMetadataOfARealPlugin) {
    const auto found = read_bytes(good_bytes());
    ASSERT_EQ(found.status, ElfStatus::ok) << found.reason;
    EXPECT_THAT(found.data, ::testing::StartsWith("abi=1.7"));
}

TEST(ElfSection, DoesNotMoveTheDescriptor) {
    const auto fd = memory_file(good_bytes());
    const auto before = ::lseek(fd.get(), 5, SEEK_SET);
    (void)read_elf_section(fd.get(), "habplug");
    EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), before);
}

TEST(ElfSection, RefusesWhatIsNotElf) {
    for (const auto* text : {"", "#!/bin/sh\n",
                             "\x7f"
                             "EL",
                             "!<arch>\n"}) {
        const auto found = read_bytes(text);
        EXPECT_EQ(found.status, ElfStatus::not_elf);
        EXPECT_EQ(found.reason, "not an ELF file");
    }
}

TEST(ElfSection, NamesTheForeignMachine) {
    auto bytes = good_bytes();
    const std::uint16_t machine = EM_S390;
    std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
    const auto found = read_bytes(bytes);
    EXPECT_EQ(found.status, ElfStatus::wrong_arch);
    EXPECT_THAT(found.reason, ::testing::StartsWith("built for s390x, this is "));

    bytes = good_bytes();
    bytes[EI_CLASS] = ELFCLASS32;
    EXPECT_EQ(read_bytes(bytes).status, ElfStatus::wrong_arch);
}

TEST(ElfSection, RefusesPrograms) {
    auto bytes = good_bytes();
    const std::uint16_t type = ET_REL;
    std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_type), &type, sizeof type);
    EXPECT_EQ(read_bytes(bytes).reason, "not a shared library");
}

TEST(ElfSection, SaysWhenTheSectionIsMissing) {
    const auto found = read_bytes(read_file(fixture_file("no-section")));
    EXPECT_EQ(found.status, ElfStatus::no_section);
    EXPECT_THAT(found.reason, ::testing::HasSubstr("has no section habplug"));
}

TEST(ElfSection, EveryTruncationIsHandled) {
    const auto bytes = good_bytes();
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 997);
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        const auto found = read_bytes(std::string_view(bytes).substr(0, size));
        EXPECT_NE(found.status, ElfStatus::ok) << size;
        EXPECT_FALSE(found.reason.empty()) << size;
    }
}

TEST(ElfSection, MutatedHeadersAreHandled) {
    const auto original = good_bytes();
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(original.data());
    const auto table = static_cast<std::size_t>(header->e_shoff);
    std::mt19937 random(1);  // the same mutations each time
    std::uniform_int_distribution<int> byte(0, 255);
    for (int round = 0; round < 2000; ++round) {
        auto bytes = original;
        for (int i = 0; i < 4; ++i) {
            const bool in_header = (i + round) % 2 == 0;
            const std::size_t range = in_header ? sizeof(Elf64_Ehdr) : bytes.size() - table;
            const std::size_t at = (in_header ? 4 : table) + random() % (range - 4);
            bytes[at] = static_cast<char>(byte(random));
        }
        const auto found = read_bytes(bytes);
        EXPECT_LE(found.data.size(), 64u << 10);
        EXPECT_EQ(found.status == ElfStatus::ok, found.reason.empty());
    }
}

TEST(ElfSection, ClaimsOfHugeTablesAllocateNothing) {
    auto bytes = good_bytes();
    const std::uint16_t many = 0xffff;
    std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_shnum), &many, sizeof many);
    EXPECT_EQ(read_bytes(bytes).reason, "its section table is damaged");
}

}  // namespace
}  // namespace hab::plugin::test
