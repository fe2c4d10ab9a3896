// SPDX-License-Identifier: Apache-2.0
#include "image_tag.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "tree/image_files.hpp"

namespace docker_studio {
namespace {

namespace fs = std::filesystem;

/// FNV-1a, twice with different beginnings.
class Hash {
public:
    void add(std::string_view bytes) {
        for (const char c : bytes) {
            for (std::uint64_t& half : halves_)
                half = (half ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
        }
    }
    /// Two fields never look like one.
    void add_field(std::string_view text) {
        add(text);
        add(std::string_view("\0", 1));
    }
    [[nodiscard]] std::string text() const {
        std::array<char, 33> digits{};
        std::snprintf(digits.data(), digits.size(), "%016jx%016jx",
                      static_cast<std::uintmax_t>(halves_[0]),
                      static_cast<std::uintmax_t>(halves_[1]));
        return digits.data();
    }

private:
    std::array<std::uint64_t, 2> halves_ = {0xcbf29ce484222325U, 0x84222325cbf29ce4U};
};

void add_content(Hash& hash, const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 65536> bytes{};
    while (file.read(bytes.data(), bytes.size()), file.gcount() > 0)
        hash.add({bytes.data(), static_cast<std::size_t>(file.gcount())});
    if (file.eof()) return;
    hab::sdk::raise(HAB_STATUS_IO, "cannot read '" + path.string() + "' of the studio's image");
}

void add_entry(Hash& hash, const fs::path& root, const std::string& relative) {
    const fs::path path = root / relative;
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) {
        hab::sdk::raise(HAB_STATUS_IO, "cannot look at '" + path.string() +
                                           "' of the studio's image: " + std::strerror(errno));
    }
    hash.add_field(relative);
    hash.add_field(std::to_string(info.st_mode));
    if (S_ISLNK(info.st_mode)) hash.add_field(fs::read_symlink(path).string());
    if (!S_ISREG(info.st_mode)) return;
    hash.add_field(std::to_string(info.st_size));
    add_content(hash, path);
}

std::vector<std::string> paths_below(const fs::path& root, const std::vector<std::string>& skip) {
    std::vector<std::string> paths;
    auto walk = fs::recursive_directory_iterator(root);
    for (const auto& entry : walk) {
        const std::string relative = entry.path().lexically_relative(root).string();
        if (walk.depth() == 0 && std::find(skip.begin(), skip.end(), relative) != skip.end()) {
            walk.disable_recursion_pending();
            continue;
        }
        paths.push_back(relative);
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

std::string image_tag(const fs::path& root, const std::vector<std::string>& skip,
                      const std::vector<hab::sdk::Mount>& mounts) {
    std::vector<std::string> packages;
    for (const hab::sdk::Mount& mount : mounts) {
        if (studio_tree::shows_package(mount)) packages.push_back(mount.target);
    }
    std::sort(packages.begin(), packages.end());
    Hash hash;
    for (const std::string& package : packages)
        hash.add_field(package);
    for (const std::string& path : paths_below(root, skip))
        add_entry(hash, root, path);
    return hash.text();
}

}  // namespace docker_studio
