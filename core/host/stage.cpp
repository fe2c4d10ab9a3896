// SPDX-License-Identifier: Apache-2.0
#include "host/stage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace hab::host {
namespace {

void check(int result, std::string_view tried, const fs::path& path) {
    if (result != 0) throw Error::from_errno(fmt::format("cannot {} '{}'", tried, path.string()));
}

void write_entry(const ImageEntry& entry, const fs::path& dir, const fs::path& target) {
    switch (entry.type) {
        case EntryType::dir:
            return check(::mkdir(target.c_str(), 0700), "make directory", target);
        case EntryType::symlink:
            return check(::symlink(entry.link.c_str(), target.c_str()), "make link", target);
        case EntryType::hardlink:
            return check(::link((dir / entry.link).c_str(), target.c_str()), "make link", target);
        case EntryType::file:
            break;
    }
    const UniqueFd fd = open_file(target, O_CREAT | O_EXCL | O_WRONLY, 0600);
    read_entry(entry, [&](std::string_view bytes) { write_all(fd.get(), bytes, target.string()); });
}

/// Owner first: changing it clears set-user-id bits.
void set_attributes(const ImageEntry& entry, const fs::path& target, std::uint64_t mtime) {
    if (::geteuid() == 0) check(::lchown(target.c_str(), 0, 0), "set the owner of", target);
    if (entry.type != EntryType::symlink) {
        check(::chmod(target.c_str(), static_cast<mode_t>(entry.mode)), "set the mode of", target);
    }
    const timespec when = {static_cast<time_t>(mtime), 0};
    const timespec times[2] = {when, when};
    check(::utimensat(AT_FDCWD, target.c_str(), times, AT_SYMLINK_NOFOLLOW), "set the time of",
          target);
}

}  // namespace

void stage_image(const Image& image, const fs::path& dir, std::uint64_t mtime,
                 const std::function<void()>& between) {
    if (!fs::is_empty(dir)) {
        throw Error(
            ErrorCode::conflict,
            fmt::format("cannot write an image to '{}': the directory is not empty", dir.string()));
    }
    for (const ImageEntry& entry : image.entries()) {
        between();
        write_entry(entry, dir, dir / entry.path);
        if (entry.type == EntryType::file) set_attributes(entry, dir / entry.path, mtime);
    }
    // Directories last and innermost first: writing into them needs permission and changes their
    // times.
    for (auto entry = image.entries().rbegin(); entry != image.entries().rend(); ++entry) {
        if (entry->type == EntryType::dir || entry->type == EntryType::symlink) {
            set_attributes(*entry, dir / entry->path, mtime);
        }
    }
}

}  // namespace hab::host
