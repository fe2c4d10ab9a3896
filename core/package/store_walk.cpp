// SPDX-License-Identifier: Apache-2.0
#include "package/store_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/metafiles.hpp"
#include "package/ordering.hpp"
#include "package/parallel.hpp"

namespace hab::package {
namespace {

/// So many names of packages are read by one processor at a time.
constexpr std::size_t names_at_once = 16;

/// Of an install or a removal that is under way, or was killed.
bool is_hidden(std::string_view name) noexcept {
    return name.starts_with('.');
}

/// A directory of the store, opened below its parent: the kernel looks up one name, not a path. As
/// path only in errors.
class Directory {
public:
    explicit Directory(const fs::path& path) : path_(path.string()) {
        open(AT_FDCWD, path_.c_str());
    }
    Directory(const Directory& parent, const std::string& name) : path_(parent.path_ + "/" + name) {
        if (parent.fd_) open(parent.fd_.get(), name.c_str());
    }

    /// Names of what may be a directory, in no order; none if this is not there.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        if (!fd_) return found;
        // readdir() would do, but with three calls more and 32 KiB from the heap for each directory.
        alignas(dirent64) std::array<char, 16384> buffer;
        for (;;) {
            const ssize_t got = ::getdents64(fd_.get(), buffer.data(), buffer.size());
            if (got < 0) throw Error::from_errno(fmt::format("cannot list '{}'", path_));
            if (got == 0) return found;
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
                if (entry->d_name[0] != '.' && entry->d_type != DT_REG)
                    found.emplace_back(entry->d_name);
                at += entry->d_reclen;
            }
        }
    }

    /// What `part` says, or all there are.
    [[nodiscard]] std::vector<std::string> names(const std::string& part) const {
        return part.empty() ? names() : std::vector{part};
    }

    [[nodiscard]] bool has_release(const std::string& name, const Target& target) const {
        if (!fd_ || is_hidden(name)) return false;
        std::array<char, NAME_MAX + 16> file;
        const auto end =
            fmt::format_to_n(file.data(), file.size() - 1, "{}/{}", name, metafile::target);
        if (end.size >= file.size()) return false;  // the kernel knows no such name
        *end.out = '\0';
        return is_target_file(fd_.get(), file.data(), path_ + "/", target);
    }

    /// Whether a file says that name. `prefix` and `file` are its path, for errors.
    static bool is_target_file(int parent, const char* file, std::string_view prefix,
                               const Target& target) {
        const UniqueFd fd(::openat(parent, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        if (!fd) {
            if (errno == ENOENT || errno == ENOTDIR) return false;
            throw Error::from_errno(fmt::format("cannot open '{}{}'", prefix, file));
        }
        std::array<char, 512> text;
        const ssize_t got = ::read(fd.get(), text.data(), text.size());
        if (got < 0) throw Error::from_errno(fmt::format("cannot read '{}{}'", prefix, file));
        return trim({text.data(), static_cast<std::size_t>(got)}) == target.name();
    }

private:
    void open(int parent, const char* name) {
        fd_.reset(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!fd_ && errno != ENOENT && errno != ENOTDIR) {
            throw Error::from_errno(fmt::format("cannot list '{}'", path_));
        }
    }

    std::string path_;
    UniqueFd fd_;
};

class Walk {
public:
    Walk(const Target& target, const Ident& pattern) : target_(target), pattern_(pattern) {}

    std::vector<Ident> run(const fs::path& pkgs) {
        const Directory root(pkgs);
        std::vector<std::string> origins = root.names(pattern_.origin);
        std::sort(origins.begin(), origins.end());
        std::vector<Ident> found;
        for (const std::string& origin : origins)
            read_origin(Directory(root, origin), origin, found);
        return found;
    }

private:
    /// By name first: what is left to sort is few and alike.
    void read_origin(const Directory& dir, const std::string& origin, std::vector<Ident>& found) {
        std::vector<std::string> names = dir.names(pattern_.name);
        std::sort(names.begin(), names.end());
        std::vector<std::vector<Ident>> parts((names.size() + names_at_once - 1) / names_at_once);
        in_parallel(parts.size(), [&](std::size_t i) {
            const std::size_t end = std::min(names.size(), (i + 1) * names_at_once);
            for (std::size_t at = i * names_at_once; at < end; ++at)
                read_name(Directory(dir, names[at]), {origin, names[at], {}, {}}, parts[i]);
        });
        for (std::vector<Ident>& part : parts)
            std::move(part.begin(), part.end(), std::back_inserter(found));
    }

    void read_name(const Directory& dir, const Ident& name, std::vector<Ident>& found) const {
        std::vector<Ident> releases;
        for (const std::string& version : dir.names(pattern_.version)) {
            const Directory version_dir(dir, version);
            for (const std::string& release : version_dir.names(pattern_.release)) {
                if (version_dir.has_release(release, target_))
                    releases.push_back({name.origin, name.name, version, release});
            }
        }
        sort_by_parts(releases);
        std::move(releases.begin(), releases.end(), std::back_inserter(found));
    }

    const Target& target_;
    const Ident& pattern_;
};

}  // namespace

std::vector<Ident> find_releases(const fs::path& pkgs, const Target& target, const Ident& pattern) {
    return Walk(target, pattern).run(pkgs);
}

bool is_release(const fs::path& dir, const Target& target) {
    if (is_hidden(dir.filename().native())) return false;
    return Directory::is_target_file(AT_FDCWD, (dir / metafile::target).c_str(), {}, target);
}

}  // namespace hab::package
