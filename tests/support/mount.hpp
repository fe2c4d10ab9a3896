// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

namespace hab::test {

/// A tmpfs of limited size at a directory, for disks that run full. Unmounted when the object goes.
/// Only inside a test world (see world.hpp).
class SmallDisk {
public:
    SmallDisk(std::filesystem::path where, std::size_t bytes);
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk();

private:
    std::filesystem::path where_;
};

/// How many mounts lie at or below a path, from /proc/self/mountinfo.
[[nodiscard]] std::size_t mounts_below(const std::filesystem::path& path);

}  // namespace hab::test
