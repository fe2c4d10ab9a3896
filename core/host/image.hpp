// SPDX-License-Identifier: Apache-2.0
// The content of an image made of packages: computed once here, so that every exporter agrees on
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "host/accounts.hpp"
#include "package/environment.hpp"
#include "package/installed.hpp"

namespace hab::host {

enum class EntryType { file, dir, symlink, hardlink };

struct ImageEntry {
    EntryType type = EntryType::file;
    std::uint32_t mode = 0;
    std::uint32_t layer = 0;
    std::string path;   ///< "hab/pkgs/…", no leading "/"
    std::string link;   ///< target of a link
    std::string ident;  ///< package it belongs to; empty for added files
    std::uint64_t size = 0;
    fs::path source;      ///< file on this machine; empty: `content` is the data
    std::string content;  ///< of added files
};

/// What to add to the packages; see HAB_ROOTFS_*.
struct ImageOptions {
    bool accounts = false;
    bool init = false;
    bool binlinks = false;
    bool dirs = false;
    bool hab = false;
    std::string user;   ///< empty: from the package, else "hab"
    std::string group;  ///< likewise
    std::vector<package::Ident> extra;
};

/// Order of entries: layer by layer, most basic package first, added files last; inside a layer by
/// path as bytes. A directory stands in the first layer that needs it, and nothing stands twice.
/// Everything is owned by 0:0.
class Image {
public:
    /// Reads directories, not contents. Throws not_found for packages that are not installed, usage
    /// without idents, invalid_input for things no image can hold (sockets, devices).
    Image(const package::InstalledPackages& store, const std::vector<package::Ident>& idents,
          ImageOptions options);

    [[nodiscard]] const std::vector<ImageEntry>& entries() const noexcept { return entries_; }
    [[nodiscard]] const package::InstalledPackage& primary() const noexcept { return *primary_; }
    [[nodiscard]] const Accounts& accounts() const noexcept { return accounts_; }
    /// The facts of hab_rootfs_service.describe.
    [[nodiscard]] Value describe() const;

private:
    void add_package(const package::InstalledPackage& package);
    void add_files();
    void add_binlinks();
    void add_shell();
    void add(ImageEntry entry);
    void add_dir(std::string path, std::uint32_t mode);
    void add_text(std::string path, std::uint32_t mode, std::string content);
    void add_link(std::string path, std::string target);
    void close_layer();
    [[nodiscard]] std::string init_script() const;

    const package::InstalledPackages& store_;
    ImageOptions options_;
    std::vector<package::InstalledPackage> named_;
    std::vector<package::InstalledPackage> packages_;
    std::optional<package::InstalledPackage> primary_;
    std::string user_;
    std::string group_;
    Accounts accounts_;
    std::vector<ImageEntry> entries_;
    std::vector<ImageEntry> layer_;
    std::set<std::string> paths_;
    std::uint32_t layer_number_ = 0;
};

/// Reads the data of a file entry in pieces; exactly `size` bytes. Throws conflict if the file on
/// disk has changed since.
void read_entry(const ImageEntry& entry, const std::function<void(std::string_view)>& put);

}  // namespace hab::host
