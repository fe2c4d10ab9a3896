// SPDX-License-Identifier: Apache-2.0
#include "package/listing.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/tree.hpp"
#include "crypto/hash.hpp"
#include "package/archive_module.hpp"
#include "package/artifact.hpp"
#include "package/parallel.hpp"
#include "package/payload_reader.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

/// hab/pkgs/origin/name/version/release
constexpr std::size_t prefix_parts = 6;

/// What a listing of an archive may take, and what each member takes beyond its names.
constexpr std::size_t max_listing = std::size_t{32} << 20;
constexpr std::size_t member_cost = 200;

/// Files at the top whose names are in capitals, and the default configuration.
bool is_metafile(std::string_view path) {
    if (path == metafile::default_toml) return true;
    return !path.empty() &&
           path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
}

/// Takes an archive's members and makes a listing of them.
class ArtifactLister {
public:
    explicit ArtifactLister(std::string what) : what_(std::move(what)) {}

    void begin(const ArchiveMember& member) {
        end_file();
        const auto parts = split(member.name, '/');
        if (parts.size() < prefix_parts) return;
        if (prefix_.empty()) set_prefix(member.name, parts);
        if (!member.name.starts_with(prefix_)) return refuse(member.name);
        if (member.name.size() == prefix_.size()) return;
        if (member.name[prefix_.size()] != '/') return refuse(member.name);
        charge(member.name.size() + member.symlink.size() + member_cost);
        const std::string path = member.name.substr(prefix_.size() + 1);
        ListedFile file{member.mode, 0, member.symlink};
        if (!member.hard_link.empty()) {
            const auto other =
                member.hard_link.size() > prefix_.size()
                    ? listing_.files.find(member.hard_link.substr(prefix_.size() + 1))
                    : listing_.files.end();
            if (other != listing_.files.end()) file = other->second;
        } else if (S_ISREG(member.mode)) {
            file.size = member.size;
            hash_.emplace();
            open_ = path;
            // Only what is small enough to be one; larger ones are compared as files.
            if (is_metafile(path) && member.size <= max_metafile_size) {
                charge(static_cast<std::size_t>(member.size));
                text_.emplace();
            }
        }
        listing_.files.insert_or_assign(path, std::move(file));
    }

    void content(std::span<const std::byte> piece) {
        if (!hash_) return;  // of a file above the package, which is not listed
        hash_->update(piece);
        if (text_) text_->append(reinterpret_cast<const char*>(piece.data()), piece.size());
    }

    Listing finish() {
        end_file();
        if (!prefix_.empty()) return std::move(listing_);
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("'{}' is not a package: there is nothing below hab/pkgs in it", what_),
            "check that it is the right file");
    }

private:
    void set_prefix(const std::string& name, const std::vector<std::string_view>& parts) {
        std::size_t length = prefix_parts - 1;
        for (std::size_t i = 0; i < prefix_parts; ++i)
            length += parts[i].size();
        prefix_ = name.substr(0, length);
        const auto ident = Ident::try_parse(
            prefix_.starts_with("hab/pkgs/") ? std::string_view(prefix_).substr(9) : "");
        if (!ident) return refuse(name);
        listing_.ident = *ident;
    }

    /// Nobody has verified it: it must not fill the memory.
    void charge(std::size_t bytes) {
        listed_ += bytes;
        if (listed_ <= max_listing) return;
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot list '{}': the names of its files need more than {} MiB",
                                what_, max_listing >> 20),
                    "install it, and compare the installed packages");
    }

    void refuse(const std::string& name) const {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' is not a package: its member '{}' is not in it", what_,
                                printable(name)),
                    "the package was built wrongly: do not use it, and tell its origin");
    }

    void end_file() {
        if (!hash_) return;
        listing_.files[open_].content = to_hex(hash_->finish());
        hash_.reset();
        if (text_) listing_.meta.insert_or_assign(open_, std::string(trim(*text_)));
        text_.reset();
    }

    std::string what_;
    std::string prefix_;
    Listing listing_;
    std::size_t listed_ = 0;
    std::string open_;  ///< path of the file whose content arrives
    std::optional<crypto::Blake2b> hash_;
    std::optional<std::string> text_;
};

Listing list_open_artifact(int fd, const ArtifactHeader& header, const std::string& what,
                           std::string& payload_hash) {
    PayloadReader payload(fd, header.length, what);
    ArtifactLister lister(what);
    archive_module().visit(
        payload.source(), what, [&](const ArchiveMember& member) { lister.begin(member); },
        [&](std::span<const std::byte> piece) { lister.content(piece); });
    payload_hash = payload.finish_hash();
    return lister.finish();
}

}  // namespace

Listing list_installed(const InstalledPackage& package) {
    Listing listing;
    listing.ident = package.ident();
    std::vector<std::pair<fs::path, ListedFile*>> regular;
    walk_tree(package.dir(), [&](const TreeEntry& entry) {
        ListedFile& file = listing.files[entry.relative];
        file.mode = entry.info.st_mode;
        if (S_ISREG(file.mode)) {
            file.size = static_cast<std::uint64_t>(entry.info.st_size);
            regular.emplace_back(entry.path, &file);
            if (is_metafile(entry.relative) && file.size <= max_metafile_size)
                listing.meta[entry.relative] = trim(read_file(entry.path, max_metafile_size));
        } else if (S_ISLNK(file.mode)) {
            file.content = read_link(entry.path).value_or(fs::path()).string();
        }
    });
    in_parallel(regular.size(), [&](std::size_t i) {
        regular[i].second->content = crypto::blake2b_hex_of_file(regular[i].first.string());
    });
    return listing;
}

Listing list_artifact(const fs::path& path) {
    const UniqueFd fd = open_artifact(path);
    std::string hash;
    return list_open_artifact(fd.get(), read_artifact_header(fd.get(), path.string()),
                              path.string(), hash);
}

Listing list_verified_artifact(const fs::path& path, const crypto::KeyCache& keys) {
    const UniqueFd fd = open_artifact(path);
    const ArtifactHeader header = read_artifact_header(fd.get(), path.string());
    const std::string signed_hash = open_signature(header, keys, path.string());
    std::string hash;
    Listing listing = list_open_artifact(fd.get(), header, path.string(), hash);
    require_same_hash(signed_hash, hash, path.string());
    return listing;
}

}  // namespace hab::package
