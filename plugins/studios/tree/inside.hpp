// SPDX-License-Identifier: Apache-2.0
// The files of a studio, seen from outside. Programs in it may have replaced any of its directories
// by a link, and may do so at this moment: no link below the root is followed here.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace studio_tree {

/// A directory held open. Movable.
class OpenDir {
public:
    OpenDir(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
    OpenDir(OpenDir&& other) noexcept;
    OpenDir& operator=(OpenDir&&) = delete;
    ~OpenDir();

    [[nodiscard]] int fd() const noexcept { return fd_; }
    /// For messages.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Leads to this very directory while the object lives.
    [[nodiscard]] std::filesystem::path place() const;

private:
    int fd_;
    std::filesystem::path path_;
};

/// The root of a studio. Paths are relative to it. Everything throws hab::sdk::Error:
/// HAB_STATUS_FAILED where a directory should be and is none, HAB_STATUS_DENIED, HAB_STATUS_IO.
class Inside {
public:
    /// The root itself is trusted and must be there.
    explicit Inside(const std::filesystem::path& root);

    [[nodiscard]] OpenDir open(const std::filesystem::path& directory) const;
    [[nodiscard]] bool exists(const std::filesystem::path& path) const;
    [[nodiscard]] bool is_directory(const std::filesystem::path& path) const;
    /// Makes it with exactly that mode; one that is there stays as it is.
    void make_directory(const std::filesystem::path& path, mode_t mode) const;
    /// The same with all directories above it (0755).
    void make_directories(const std::filesystem::path& path) const;
    /// Replaces what is there, atomically: programs inside may be using it.
    void put_link(const std::filesystem::path& path, const std::filesystem::path& target) const;
    void put_file(const std::filesystem::path& path, std::string_view content,
                  mode_t mode = 0644) const;
    /// A file or link; nothing happens if it is not there.
    void remove_file(const std::filesystem::path& path) const;
    /// Removes directories and links below and at a path as long as there are no files in them.
    void remove_empty_tree(const std::filesystem::path& path) const;

private:
    OpenDir root_;
};

}  // namespace studio_tree
