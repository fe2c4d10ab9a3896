// SPDX-License-Identifier: Apache-2.0
// The system calls that change a disk, as a table, and what one such call is about to do.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hab::test {

/// One call of a traced program that changes (or flushes) something below the watched directory.
struct DiskCall {
    std::string name;   ///< "rename"
    std::string path;   ///< absolute, as the tracer's root sees it; of renames and links the source
    std::string other;  ///< target of renames and links, else empty
    ino_t inode = 0;    ///< of the file behind a descriptor, else 0
    bool needs_space = false;  ///< fails when the disk is full
    bool flushes = false;      ///< fsync and its like

    [[nodiscard]] std::string text() const {
        return name + " " + path + (other.empty() ? "" : " -> " + other);
    }
};

/// Numbers and arguments of a call at its entry.
struct CallEntry {
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
};

/// All numbers that must be looked at.
[[nodiscard]] const std::vector<int>& disk_call_numbers();

/// What the stopped thread `tid` is about to do, if it concerns a regular file, a directory or a
/// name below `watched`. Pipes, sockets and terminals never count.
[[nodiscard]] std::optional<DiskCall> examine_call(pid_t tid, const CallEntry& entry,
                                                   const std::string& watched);

}  // namespace hab::test
