// SPDX-License-Identifier: Apache-2.0
// A root file system as a tar stream, made while it is read: files of the studio and of packages.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace docker_studio {

/// Writes directories, files and links in the format of POSIX tar with GNU's long names; everything
/// belongs to root. Other kinds of file are left out.
class ImageTar {
public:
    /// What is below `source` appears below `target` ("" = the root), names in `skip` (of the top
    /// level) left out. Directories above `target` are made.
    void add_tree(const std::filesystem::path& source, const std::string& target,
                  const std::vector<std::string>& skip = {});

    /// The next bytes; 0 at the end. Throws HAB_STATUS_IO if a file cannot be read or has changed.
    std::size_t read(char* buffer, std::size_t size);

private:
    struct Entry {
        std::filesystem::path source;  ///< empty for a directory that is made up
        std::string name;
    };

    void add(const std::filesystem::path& source, std::string name);
    void begin(const Entry& entry);
    void put_header(const std::string& name, const std::string& link, char type, unsigned mode,
                    std::uintmax_t size, std::uintmax_t time);
    void put_long(const std::string& text, char type);
    bool advance();

    std::vector<Entry> entries_;
    std::size_t next_ = 0;
    std::string pending_;  ///< headers and padding that were not read yet
    std::size_t pending_at_ = 0;
    std::ifstream file_;
    std::filesystem::path file_path_;
    std::uintmax_t file_left_ = 0;
    std::uintmax_t file_size_ = 0;
    bool ended_ = false;
};

}  // namespace docker_studio
