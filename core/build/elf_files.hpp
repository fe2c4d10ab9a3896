// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/files.hpp"

namespace hab::build {

/// Something `strip` can work on.
struct ElfFile {
    std::string kind;  ///< "executable", "shared" (also position-independent programs) or "archive"
    std::string relative;  ///< below the tree
};

/// Kind of a file from its first bytes; "" for anything else.
[[nodiscard]] std::string elf_kind(std::string_view first_bytes) noexcept;
/// Writable regular files of the tree that are ELF objects or archives, in path order.
[[nodiscard]] std::vector<ElfFile> find_elf_files(const fs::path& tree);

}  // namespace hab::build
