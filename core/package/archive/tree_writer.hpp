// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/unique_fd.hpp"

namespace hab::package {

/// Creates files below one directory from names nobody vouches for. Every part of a name is opened
/// by itself and without following links, so that no name leads out, whatever the archive made
/// before. All functions throw invalid_input for names that try to, and errno errors. Borrowed root
/// descriptor; one thread.
class TreeWriter {
public:
    struct Attributes {
        mode_t mode = 0;  ///< permission bits, set exactly
        std::int64_t mtime = 0;
    };

    /// `what` names the archive in errors.
    TreeWriter(int root_fd, std::string what) : root_fd_(root_fd), what_(std::move(what)) {}

    /// Attributes of directories are set by finish(), when nothing is created in them any more.
    void directory(const std::string& name, Attributes attributes);
    /// Opens a new file for writing; an earlier one of that name is replaced.
    [[nodiscard]] UniqueFd create_file(const std::string& name);
    /// Sets mode and time of a file that has been written.
    void finish_file(int fd, const std::string& name, Attributes attributes);
    void symlink(const std::string& name, const std::string& target, std::int64_t mtime);
    /// A second name for a regular file that was created before.
    void hard_link(const std::string& name, const std::string& existing);
    void finish();

private:
    struct Level {
        std::string name;
        UniqueFd fd;
    };
    struct Place {
        int dir_fd;
        std::string leaf;
    };
    /// The directory that holds `name`, with missing ones created, and the last part.
    Place place(const std::string& name);
    /// Descriptor of a directory; parts that are still open from the last call are not opened
    /// again.
    int enter(std::span<const std::string_view> parts, bool create);
    int open_part(int parent, std::string_view part, const std::string& name, bool create);
    [[nodiscard]] std::vector<std::string_view> parts_of(const std::string& name) const;
    [[noreturn]] void refuse(std::string_view name, std::string_view why) const;
    [[noreturn]] void fail(std::string_view tried, std::string_view name) const;
    void remove_existing(const Place& place, const std::string& name);

    int root_fd_;
    std::string what_;
    std::vector<Level> open_;
    std::map<std::string, Attributes> directories_;
    std::size_t directory_bytes_ = 0;
};

}  // namespace hab::package
