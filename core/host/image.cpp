// SPDX-License-Identifier: Apache-2.0
#include "host/image.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/tree.hpp"
#include "host/closure.hpp"

namespace hab::host {
namespace {

std::string svc_name(const package::InstalledPackage& package, std::string_view file,
                     const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    const std::string from_package = package.meta().read_or_empty(file);
    return from_package.empty() ? "hab" : from_package;
}

/// Where hab itself comes from, when an image is to hold it.
const package::Ident hab_ident{"core", "hab", {}, {}};

}  // namespace

Image::Image(const package::InstalledPackages& store, const std::vector<package::Ident>& idents,
             ImageOptions options)
    : store_(store), options_(std::move(options)) {
    if (idents.empty()) throw Error(ErrorCode::usage, "cannot make an image: no package was named");
    for (const package::Ident& ident : idents)
        named_.push_back(store.load(ident));
    primary_ = named_.front();
    user_ = svc_name(*primary_, package::metafile::svc_user, options_.user);
    group_ = svc_name(*primary_, package::metafile::svc_group, options_.group);
    accounts_ = make_accounts(user_, group_);

    std::vector<package::Ident> wanted = options_.extra;
    if (options_.hab) wanted.push_back(hab_ident);
    for (const package::InstalledPackage& package : named_)
        wanted.push_back(package.ident());
    packages_ = closure(store, wanted);
    for (const package::InstalledPackage& package : packages_)
        add_package(package);
    add_files();
}

void Image::add(ImageEntry entry) {
    // Parents first; they belong to whoever needs them first.
    for (auto slash = entry.path.find('/'); slash != std::string::npos;
         slash = entry.path.find('/', slash + 1)) {
        add_dir(entry.path.substr(0, slash), 0755);
    }
    if (!paths_.insert(entry.path).second) {
        const auto same = std::find_if(layer_.begin(), layer_.end(), [&](const ImageEntry& other) {
            return other.path == entry.path;
        });
        // Only added files meet added files: a program of a later package hides one of an earlier.
        if (same != layer_.end() && entry.type != EntryType::dir) *same = std::move(entry);
        return;
    }
    entry.layer = layer_number_;
    layer_.push_back(std::move(entry));
}

void Image::add_dir(std::string path, std::uint32_t mode) {
    if (paths_.contains(path)) return;
    ImageEntry entry;
    entry.type = EntryType::dir;
    entry.mode = mode;
    entry.path = std::move(path);
    add(std::move(entry));
}

void Image::add_text(std::string path, std::uint32_t mode, std::string content) {
    ImageEntry entry;
    entry.mode = mode;
    entry.path = std::move(path);
    entry.size = content.size();
    entry.content = std::move(content);
    add(std::move(entry));
}

void Image::add_link(std::string path, std::string target) {
    ImageEntry entry;
    entry.type = EntryType::symlink;
    entry.mode = 0777;
    entry.path = std::move(path);
    entry.link = std::move(target);
    entry.layer = layer_number_;
    add(std::move(entry));
}

void Image::close_layer() {
    std::sort(layer_.begin(), layer_.end(),
              [](const ImageEntry& a, const ImageEntry& b) { return a.path < b.path; });
    std::move(layer_.begin(), layer_.end(), std::back_inserter(entries_));
    layer_.clear();
    ++layer_number_;
}

void Image::add_package(const package::InstalledPackage& package) {
    const std::string prefix = package.ident().relative_path();
    const std::string ident = package.ident().to_string();
    std::map<std::pair<dev_t, ino_t>, std::string> first_names;
    add_dir(prefix, 0755);
    std::vector<TreeEntry> found;
    walk_tree(package.dir(), [&](const TreeEntry& entry) { found.push_back(entry); });
    // By full path, so that the first name of a file with several is the one that stands first.
    std::sort(found.begin(), found.end(),
              [](const TreeEntry& a, const TreeEntry& b) { return a.relative < b.relative; });
    for (const TreeEntry& item : found) {
        ImageEntry entry;
        entry.path = prefix + "/" + item.relative;
        entry.ident = ident;
        entry.mode = item.info.st_mode & 07777u;
        if (S_ISDIR(item.info.st_mode)) {
            entry.type = EntryType::dir;
        } else if (S_ISLNK(item.info.st_mode)) {
            entry.type = EntryType::symlink;
            entry.link = read_link(item.path).value_or(fs::path()).string();
        } else if (S_ISREG(item.info.st_mode)) {
            entry.source = item.path;
            entry.size = static_cast<std::uint64_t>(item.info.st_size);
            if (item.info.st_nlink > 1) {
                const auto key = std::pair(item.info.st_dev, item.info.st_ino);
                const auto [first, is_new] = first_names.emplace(key, entry.path);
                if (!is_new) {
                    entry.type = EntryType::hardlink;
                    entry.link = first->second;
                    entry.size = 0;
                }
            }
        } else {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("cannot export '{}': '{}' is neither file, directory nor link",
                                    ident, item.path.string()));
        }
        add(std::move(entry));
    }
    close_layer();
}

void read_entry(const ImageEntry& entry, const std::function<void(std::string_view)>& put) {
    if (entry.source.empty()) {
        if (!entry.content.empty()) put(entry.content);
        return;
    }
    const UniqueFd fd = open_file(entry.source, O_RDONLY | O_NOFOLLOW);
    std::vector<char> buffer(256 * 1024);
    std::uint64_t left = entry.size;
    while (true) {
        // One byte more than expected tells a file that has grown.
        const std::size_t ask = std::min<std::uint64_t>(buffer.size(), left + 1);
        const ssize_t got = ::read(fd.get(), buffer.data(), ask);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            throw Error::from_errno(fmt::format("cannot read '{}'", entry.source.string()));
        if (got == 0 && left == 0) return;
        if (got == 0 || static_cast<std::uint64_t>(got) > left) {
            throw Error(ErrorCode::conflict,
                        fmt::format("'{}' changed while it was exported", entry.source.string()));
        }
        left -= static_cast<std::uint64_t>(got);
        put(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    }
}

}  // namespace hab::host
