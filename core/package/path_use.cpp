// SPDX-License-Identifier: Apache-2.0
#include "package/path_use.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

constexpr std::string_view store_mark = "/hab/pkgs/";
constexpr std::size_t ident_parts = 4;
/// What can follow a path in environments, scripts, mount tables and maps.
constexpr std::string_view path_ends{"\0\n\t :;,\"'()<>|&`=$", 18};
/// Texts are looked at in pieces of this size: no process can make one too large to be read.
constexpr std::size_t piece_size = std::size_t{64} << 10;
/// What is cut by the end of a piece is looked at again with the next one.
constexpr std::size_t overlap = 2 * PATH_MAX;

bool has_ended(int error) {
    // The last one is what mount tables of processes that are ending give.
    return error == ENOENT || error == ESRCH || error == EINVAL;
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
    : watched_(std::move(watched)) {
    self_ = link_target(proc / "self").value_or("");
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

void PathUse::note_failure(const fs::path& path, int error) {
    if (has_ended(error)) return;
    // Whose path is too long to be told is not looked at either: any user can have such a process,
    // and could stop every collection with it.
    if (error != EACCES && error != EPERM && error != ENAMETOOLONG) {
        throw Error::from_errno(
            fmt::format("cannot tell what is in use: cannot read '{}'", path.string()), error);
    }
    denied_ = true;
}

std::optional<std::string> PathUse::link_target(const fs::path& path) {
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (!error) return target.string();
    note_failure(path, error.value());
    return std::nullopt;
}

bool PathUse::read_parts(const fs::path& path, char separator,
                         const std::function<void(std::string_view)>& use) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        note_failure(path, errno);
        return false;
    }
    std::string text;
    std::vector<char> block(piece_size);
    for (;;) {
        const ssize_t n = ::read(fd.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) note_failure(path, errno);
        if (n <= 0) break;
        text.append(block.data(), static_cast<std::size_t>(n));
        std::size_t begin = 0;
        for (auto end = text.find(separator); end != text.npos; end = text.find(separator, begin)) {
            use(std::string_view(text).substr(begin, end - begin));
            begin = end + 1;
        }
        text.erase(0, begin);
        if (text.size() <= piece_size) continue;
        use(text);
        text.erase(0, text.size() - overlap);
    }
    use(text);
    return true;
}

void PathUse::look_at(const fs::path& process) {
    denied_ = false;
    std::string name;
    const bool there =
        read_parts(process / "comm", '\n', [&](std::string_view part) { name += part; });
    // Of another user's process not even the root directory can be asked for; a dead one has none.
    if (there && link_target(process / "root")) {
        const std::string who =
            fmt::format("process {} ({})", process.filename().string(), printable(name));
        if (const auto exe = link_target(process / "exe")) note_path(*exe, who, "runs it");
        look_at_directory(process / "root", who, "has its root there");
        look_at_directory(process / "cwd", who, "stands in it");
        if (process.filename() != self_) look_at_open_files(process, who);
        look_at_texts(process, who);
        look_at_mounts(process, who);
    }
    if (denied_) ++unreadable_;
}

void PathUse::look_at_texts(const fs::path& process, const std::string& who) {
    // "address perms offset dev inode   path": a kernel thread has none.
    read_parts(process / "maps", '\n', [&](std::string_view line) {
        const auto path = line.find('/');
        if (path != std::string_view::npos) note_path(line.substr(path), who, "has it loaded");
    });
    read_parts(process / "cmdline", '\0',
               [&](std::string_view word) { note_text(word, who, "names it"); });
    read_parts(process / "environ", '\0',
               [&](std::string_view one) { note_text(one, who, "has it in its environment"); });
}

void PathUse::look_at_open_files(const fs::path& process, const std::string& who) {
    const fs::path dir = process / "fd";
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        if (const auto target = link_target(it->path()); target && target->starts_with('/'))
            note_path(*target, who, "has it open");
    }
    if (error) note_failure(dir, error.value());
}

void PathUse::look_at_mounts(const fs::path& process, const std::string& who) {
    const auto id = link_target(process / "ns" / "mnt");
    if (id && std::find(namespaces_seen_.begin(), namespaces_seen_.end(), *id) !=
                  namespaces_seen_.end()) {
        return;
    }
    const bool seen = read_parts(process / "mountinfo", '\n', [&](std::string_view line) {
        const auto fields = split(line, ' ');
        if (fields.size() < 5) return;
        note_path(fields[3], who, "has it mounted");
        note_path(fields[4], who, "has something mounted there");
    });
    if (id && seen) namespaces_seen_.push_back(*id);
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
