// SPDX-License-Identifier: Apache-2.0
#include "support/tree_image.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/tree.hpp"

namespace hab::test {
namespace {

std::string bytes_of(const fs::path& path, const struct stat& info) {
    if (S_ISREG(info.st_mode)) return read_file(path);
    if (S_ISLNK(info.st_mode)) return fs::read_symlink(path).string();
    return {};
}

ImageEntry entry_of(const fs::path& path, const std::string& relative, const struct stat& info,
                    const TreeImage* previous) {
    ImageEntry entry{info.st_mode, info.st_uid, info.st_gid, info.st_mtim, info.st_ino, {}};
    std::string bytes = bytes_of(path, info);
    if (previous != nullptr) {
        const auto old = previous->entries.find(relative);
        if (old != previous->entries.end() && old->second.content &&
            *old->second.content == bytes) {
            entry.content = old->second.content;
            return entry;
        }
    }
    entry.content = std::make_shared<const std::string>(std::move(bytes));
    return entry;
}

void check(int result, const fs::path& path) {
    if (result != 0) throw Error::from_errno(fmt::format("cannot restore '{}'", path.string()));
}

void make_entry(const fs::path& path, const ImageEntry& entry) {
    if (S_ISDIR(entry.mode)) {
        check(::mkdir(path.c_str(), 0700), path);
    } else if (S_ISLNK(entry.mode)) {
        check(::symlink(entry.content->c_str(), path.c_str()), path);
    } else if (S_ISREG(entry.mode)) {
        const UniqueFd fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        write_all(fd.get(), *entry.content, path.string());
    } else {
        check(::mknod(path.c_str(), entry.mode, 0), path);
    }
}

void set_attributes(const fs::path& path, const ImageEntry& entry) {
    check(::lchown(path.c_str(), entry.uid, entry.gid), path);
    if (!S_ISLNK(entry.mode)) check(::chmod(path.c_str(), entry.mode & 07777), path);
    const timespec times[2] = {entry.mtime, entry.mtime};
    check(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), path);
}

/// What is different about two entries of one name, or nothing.
std::string difference(const ImageEntry& expected, const ImageEntry& found) {
    if (expected.mode != found.mode) {
        return fmt::format("has mode {:o} instead of {:o}", found.mode, expected.mode);
    }
    if (expected.uid != found.uid || expected.gid != found.gid) {
        return fmt::format("belongs to {}:{} instead of {}:{}", found.uid, found.gid, expected.uid,
                           expected.gid);
    }
    if (expected.content == found.content || *expected.content == *found.content) return {};
    return fmt::format("has {} other bytes instead of {}", found.content->size(),
                       expected.content->size());
}

}  // namespace

TreeImage TreeImage::take(const fs::path& root, const TreeImage* previous) {
    TreeImage image;
    struct stat info{};
    check(::lstat(root.c_str(), &info), root);
    image.entries[""] = entry_of(root, "", info, previous);
    walk_tree(root, [&](const TreeEntry& entry) {
        image.entries[entry.relative] = entry_of(entry.path, entry.relative, entry.info, previous);
    });
    return image;
}

void TreeImage::restore(const fs::path& root) const {
    for (const auto& entry : fs::directory_iterator(root))
        remove_tree(entry.path());
    std::map<ino_t, fs::path> made;
    for (const auto& [name, entry] : entries) {
        if (name.empty()) continue;
        const fs::path path = root / name;
        const auto [first, is_new] = made.emplace(entry.inode, path);
        if (is_new || S_ISDIR(entry.mode)) {
            make_entry(path, entry);
        } else {
            check(::link(first->second.c_str(), path.c_str()), path);
        }
    }
    for (auto it = entries.rbegin(); it != entries.rend(); ++it)
        set_attributes(it->first.empty() ? root : root / it->first, it->second);
}

std::string TreeImage::fingerprint() const {
    std::string text;
    for (const auto& [name, entry] : entries) {
        text += fmt::format("{}\n{:o} {} ", name, entry.mode, entry.content->size());
        text += *entry.content;
        text += '\n';
    }
    return text;
}

std::string TreeImage::content(const std::string& path) const {
    const auto it = entries.find(path);
    return it == entries.end() ? std::string() : *it->second.content;
}

TreeImage TreeImage::below(const std::string& directory) const {
    TreeImage part;
    for (const auto& [name, entry] : entries) {
        if (name == directory) part.entries[""] = entry;
        if (name.starts_with(directory + "/"))
            part.entries[name.substr(directory.size() + 1)] = entry;
    }
    return part;
}

std::vector<std::string> differences(const TreeImage& expected, const TreeImage& found,
                                     const std::function<bool(const std::string&)>& ignore) {
    std::vector<std::string> lines;
    const auto counts = [&](const std::string& name) { return !ignore || !ignore(name); };
    for (const auto& [name, entry] : expected.entries) {
        if (!counts(name)) continue;
        const auto it = found.entries.find(name);
        if (it == found.entries.end()) {
            lines.push_back(fmt::format("'{}' is missing", name));
        } else if (std::string what = difference(entry, it->second); !what.empty()) {
            lines.push_back(fmt::format("'{}' {}", name, what));
        }
    }
    for (const auto& [name, entry] : found.entries) {
        if (counts(name) && !expected.has(name)) lines.push_back(fmt::format("'{}' is new", name));
    }
    return lines;
}

}  // namespace hab::test
