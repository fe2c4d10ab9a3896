// SPDX-License-Identifier: Apache-2.0
#include "hostile/snapshot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/files.hpp"

namespace hab::hostile {
namespace {

constexpr off_t max_content = 4096;

std::string describe(const fs::path& path, const struct stat& info) {
    std::string text = fmt::format("{:o} {}:{} links {} size {} inode {} mtime {}.{} ctime {}.{}",
                                   info.st_mode, info.st_uid, info.st_gid, info.st_nlink,
                                   info.st_size, info.st_ino, info.st_mtim.tv_sec,
                                   info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
    if (S_ISLNK(info.st_mode)) text += " -> " + fs::read_symlink(path).string();
    if (S_ISREG(info.st_mode) && info.st_size <= max_content) text += " " + read_file(path);
    return text;
}

void look(const fs::path& path, const std::vector<fs::path>& leave_out, Snapshot& all) {
    if (std::find(leave_out.begin(), leave_out.end(), path) != leave_out.end()) return;
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return;
    all[path.string()] = describe(path, info);
    if (!S_ISDIR(info.st_mode)) return;
    for (const auto& entry : fs::directory_iterator(path))
        look(entry.path(), leave_out, all);
}

}  // namespace

Snapshot snapshot(const fs::path& root, const std::vector<fs::path>& leave_out) {
    Snapshot all;
    for (const auto& entry : fs::directory_iterator(root))
        look(entry.path(), leave_out, all);
    return all;
}

std::string difference(const Snapshot& before, const Snapshot& after) {
    std::string text;
    for (const auto& [path, was] : before) {
        const auto now = after.find(path);
        if (now == after.end()) {
            text += path + ": gone\n";
        } else if (now->second != was) {
            text += path + ": was " + was + ", is " + now->second + "\n";
        }
    }
    for (const auto& [path, is] : after) {
        if (!before.contains(path)) text += path + ": new, " + is + "\n";
    }
    return text;
}

}  // namespace hab::hostile
