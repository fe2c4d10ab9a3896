// SPDX-License-Identifier: Apache-2.0
#include "support/mount.hpp"

#include <fmt/format.h>
#include <sys/mount.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "support/world.hpp"

namespace hab::test {

SmallDisk::SmallDisk(std::filesystem::path where, std::size_t bytes) : where_(std::move(where)) {
    if (!inside_world()) throw Error(ErrorCode::bug, "SmallDisk outside a test world");
    std::filesystem::create_directories(where_);
    const std::string options = fmt::format("size={}", bytes);
    if (::mount("tmpfs", where_.c_str(), "tmpfs", 0, options.c_str()) != 0) {
        throw Error::from_errno(fmt::format("cannot mount a tmpfs on '{}'", where_.string()));
    }
}

SmallDisk::~SmallDisk() {
    ::umount2(where_.c_str(), MNT_DETACH);
}

std::size_t mounts_below(const std::filesystem::path& path) {
    const std::string wanted = path.lexically_normal().string();
    const std::string text = read_file("/proc/self/mountinfo");
    std::size_t count = 0;
    for (const std::string_view line : split(text, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() < 5) continue;
        const std::string_view point = fields[4];
        if (point == wanted || point.starts_with(wanted + "/")) ++count;
    }
    return count;
}

}  // namespace hab::test
