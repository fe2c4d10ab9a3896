// SPDX-License-Identifier: Apache-2.0
#include "package/path_use.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::string_view store_mark = "/hab/pkgs/";
constexpr std::size_t ident_parts = 4;
/// What can follow a path in environments, scripts, mount tables and maps.
constexpr std::string_view path_ends{"\0\n\t :;,\"'()<>|&`=$", 18};
/// Environments and maps are a few 100 KB at most; anything larger is not looked at to its end.
constexpr std::size_t max_text = std::size_t{16} << 20;

/// Content of a file in /proc, which may be gone or closed to us at any moment.
std::optional<std::string> read_proc(const fs::path& path) {
    try {
        return read_file(path, max_text);
    } catch (const Error&) {  // ended, or of another user: the caller counts it
        return std::nullopt;
    }
}

std::optional<std::string> link_target(const fs::path& path) {
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (error) return std::nullopt;
    return target.string();
}

}  // namespace

std::vector<std::string> packages_named_in(std::string_view text) {
    std::vector<std::string> found;
    for (auto at = text.find(store_mark); at != std::string_view::npos;
         at = text.find(store_mark, at + 1)) {
        const std::size_t begin = at + store_mark.size();
        std::size_t end = begin;
        std::size_t part_begin = begin;
        std::size_t parts = 0;
        for (;; ++end) {
            const bool stop = end == text.size() || path_ends.find(text[end]) != path_ends.npos;
            if (!stop && text[end] != '/') continue;
            if (end == part_begin) break;
            part_begin = end + 1;
            if (++parts == ident_parts || stop) break;
        }
        if (parts != ident_parts) continue;
        std::string ident(text.substr(begin, end - begin));
        if (found.empty() || found.back() != ident) found.push_back(std::move(ident));
    }
    return found;
}

PathUse::PathUse(std::vector<fs::path> watched, const fs::path& proc)
    : watched_(std::move(watched)), self_(link_target(proc / "self").value_or("")) {
    std::error_code error;
    for (fs::directory_iterator it(proc, error), end; !error && it != end; it.increment(error)) {
        if (parse_u64(it->path().filename().string())) look_at(it->path());
    }
    if (error) {
        throw Error::from_errno(
            fmt::format("cannot tell what is in use: cannot list '{}'", proc.string()),
            error.value());
    }
}

void PathUse::look_at(const fs::path& process) {
    auto name = read_proc(process / "comm");
    if (!name) return;
    const std::string who =
        fmt::format("process {} ({})", process.filename().string(), trim(*name));
    // Of another user's process not even the root directory can be asked for; a dead one has none.
    std::error_code refused;
    (void)fs::read_symlink(process / "root", refused);
    if (refused) {
        if (refused == std::errc::permission_denied) ++unreadable_;
        return;
    }
    if (const auto exe = link_target(process / "exe")) note_path(*exe, who, "runs it");
    // "address perms offset dev inode   path": a kernel thread has none.
    const std::string maps = read_proc(process / "maps").value_or("");
    for (const std::string_view line : split(maps, '\n')) {
        const auto path = line.find('/');
        if (path != std::string_view::npos) note_path(line.substr(path), who, "has it loaded");
    }
    look_at_directory(process / "root", who, "has its root there");
    look_at_directory(process / "cwd", who, "stands in it");
    if (process.filename() != self_) look_at_open_files(process, who);
    if (const auto words = read_proc(process / "cmdline")) note_text(*words, who, "names it");
    if (const auto env = read_proc(process / "environ"))
        note_text(*env, who, "has it in its environment");
    look_at_mounts(process, who);
}

void PathUse::look_at_open_files(const fs::path& process, const std::string& who) {
    std::error_code error;
    for (fs::directory_iterator it(process / "fd", error), end; !error && it != end;
         it.increment(error)) {
        if (const auto target = link_target(it->path()); target && target->starts_with('/'))
            note_path(*target, who, "has it open");
    }
}

void PathUse::look_at_mounts(const fs::path& process, const std::string& who) {
    const auto id = link_target(process / "ns" / "mnt");
    if (id) {
        if (std::find(namespaces_seen_.begin(), namespaces_seen_.end(), *id) !=
            namespaces_seen_.end()) {
            return;
        }
        namespaces_seen_.push_back(*id);
    }
    const auto table = read_proc(process / "mountinfo");
    if (!table) return;
    for (const std::string_view line : split(*table, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() < 5) continue;
        note_path(fields[3], who, "has it mounted");
        note_path(fields[4], who, "has something mounted there");
    }
}

void PathUse::look_at_directory(const fs::path& link, const std::string& who,
                                std::string_view does) {
    if (const auto target = link_target(link)) note_path(*target, who, does);
    struct stat info{};
    if (::stat(link.c_str(), &info) == 0) {
        directories_.try_emplace({info.st_dev, info.st_ino}, fmt::format("{} {}", who, does));
    }
}

void PathUse::note_text(std::string_view text, const std::string& who, std::string_view does) {
    for (std::string& ident : packages_named_in(text)) {
        packages_.try_emplace(std::move(ident), fmt::format("{} {}", who, does));
    }
}

void PathUse::note_path(std::string_view path, const std::string& who, std::string_view does) {
    note_text(path, who, does);
    for (const fs::path& dir : watched_) {
        const std::string& prefix = dir.native();
        if (path.starts_with(prefix) && path.size() > prefix.size() && path[prefix.size()] == '/')
            paths_.try_emplace(std::string(path), fmt::format("{} {}", who, does));
    }
}

std::optional<std::string> PathUse::why(const fs::path& path) const {
    const std::string& text = path.native();
    for (auto it = paths_.lower_bound(text); it != paths_.end() && it->first.starts_with(text);
         ++it) {
        const char next = it->first.size() == text.size() ? '/' : it->first[text.size()];
        if (next == '/') return it->second;
    }
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
    const auto found = directories_.find({info.st_dev, info.st_ino});
    if (found == directories_.end()) return std::nullopt;
    return found->second;
}

}  // namespace hab::package
