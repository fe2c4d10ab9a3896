// SPDX-License-Identifier: Apache-2.0
// Directories held open while files go from one to another. What a plan wrote is not trusted: a
// link that it left, or puts there meanwhile, never leads a read or a write out of its place.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/unique_fd.hpp"

namespace hab::build {

/// A directory to write into. Every step down refuses links.
class TreeDir {
public:
    /// `root` itself is trusted.
    explicit TreeDir(const fs::path& root);

    /// The directory of that name, made (0755) if it is not there; a file or link of that name is
    /// replaced. Throws errno errors.
    [[nodiscard]] TreeDir enter(const std::string& name) const;
    /// The same for a directory that must be there: throws invalid_input for anything else.
    [[nodiscard]] TreeDir descend(const std::string& name) const;
    /// Replaces what has that name, unless it is a directory.
    void write(const std::string& name, std::string_view content, mode_t mode) const;
    void link(const std::string& name, const std::string& target) const;
    /// Writes what can be read from `from` at once: the old file of that name, or the whole new one.
    void copy_in(const std::string& name, int from, mode_t mode) const;
    /// Leads to this very directory while the object lives, wherever links by its name lead.
    [[nodiscard]] fs::path place() const;
    void set_mode(mode_t mode) const;
    /// Whether a regular file has that name in that directory of this one.
    [[nodiscard]] bool has_file_in(const std::string& dir, const std::string& name) const;

private:
    TreeDir(UniqueFd fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
    void clear_the_way(const std::string& name) const;
    [[nodiscard]] std::string text(const std::string& name) const {
        return (path_ / name).string();
    }

    UniqueFd fd_;
    fs::path path_;  ///< for messages
};

/// Files to read below one directory.
class SourceTree {
public:
    struct Entry {
        std::string name;
        mode_t mode = 0;     ///< type and permissions
        std::string target;  ///< of a link
    };
    /// With `confined`, a link that leads out of `root` is an error instead of being followed.
    SourceTree(const fs::path& root, bool confined);

    [[nodiscard]] bool is_directory(const fs::path& relative) const;
    /// Whether it is, or leads to, a regular file.
    [[nodiscard]] bool is_file(const fs::path& relative) const;
    /// Sorted by name.
    [[nodiscard]] std::vector<Entry> list(const fs::path& relative) const;
    /// Throws invalid_input for a link that leads out.
    [[nodiscard]] std::string read(const fs::path& relative) const;
    /// A regular file, opened to read. Throws invalid_input for everything else, and never waits.
    [[nodiscard]] UniqueFd open_regular(const fs::path& relative) const;
    /// Permission bits of what read() reads.
    [[nodiscard]] mode_t mode(const fs::path& relative) const;

private:
    [[nodiscard]] UniqueFd open(const fs::path& relative, int flags) const;
    [[nodiscard]] UniqueFd try_open(const fs::path& relative, int flags) const;

    UniqueFd fd_;
    fs::path root_;
    bool confined_;
};

}  // namespace hab::build
