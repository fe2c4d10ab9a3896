// SPDX-License-Identifier: Apache-2.0
#include "package/archive/unpack.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <span>
#include <thread>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/archive/refusal.hpp"
#include "package/archive/tar_reader.hpp"
#include "package/archive/tree_writer.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

/// hab/pkgs/origin/name/version/release
constexpr std::size_t prefix_parts = 6;
constexpr mode_t set_id_bits = S_ISUID | S_ISGID;

std::string first_parts(const std::vector<std::string_view>& parts, std::size_t count) {
    std::string text(parts[0]);
    for (std::size_t i = 1; i < count; ++i)
        text.append("/").append(parts[i]);
    return text;
}

/// Whether the name is a directory on the way to a package: "hab", "hab/pkgs", "hab/pkgs/core" …
bool is_ancestor(const std::vector<std::string_view>& parts) {
    if (parts.size() >= prefix_parts || parts[0] != "hab") return false;
    return parts.size() < 2 || parts[1] == "pkgs";
}

/// The names that become the package's identity, and part of many messages.
std::string prefix_of(const std::string& what, const std::string& name,
                      const std::vector<std::string_view>& parts) {
    for (const std::string_view part : std::span(parts).first(prefix_parts)) {
        if (printable(part) != part) refuse_member(what, name, "has a name that no package has");
    }
    return first_parts(parts, prefix_parts);
}

class Unpacker {
public:
    Unpacker(TarReader& tar, const std::string& what,
             const std::function<int(const std::string&)>& open_root, const UnpackOptions& options)
        : tar_(tar), what_(what), open_root_(open_root), options_(options) {}

    UnpackResult run() {
        TarMember member;
        while (tar_.next(member)) {
            ++result_.entries;
            const auto name = below_prefix(member);
            if (result_.stopped) return result_;
            if (name) unpack(member, *name);
        }
        if (!writer_) {
            throw Error(
                ErrorCode::invalid_input,
                fmt::format("'{}' is not a package: there is nothing below hab/pkgs in it", what_),
                "check that it is the right file, and fetch or build it again");
        }
        writer_->finish();
        return result_;
    }

private:
    /// The member's name inside the package; nothing for a directory above it.
    std::optional<std::string> below_prefix(const TarMember& member) {
        const auto parts = split(member.name, '/');
        if (parts[0].empty()) refuse_member(what_, member.name, "has an absolute name");
        for (const std::string_view part : parts) {
            if (part == "..") refuse_member(what_, member.name, "has '..' in its name");
        }
        if (is_ancestor(parts) && S_ISDIR(member.mode)) return std::nullopt;
        if (parts.size() < prefix_parts || parts[0] != "hab" || parts[1] != "pkgs") {
            refuse_member(what_, member.name,
                          "lies outside hab/pkgs/<origin>/<name>/<version>/<release>");
        }
        std::string prefix = prefix_of(what_, member.name, parts);
        if (prefix_.empty()) {
            prefix_ = std::move(prefix);
            const int root = open_root_(prefix_);
            if (root < 0) {
                result_.stopped = true;
                return std::nullopt;
            }
            writer_.emplace(root, what_);
        } else if (prefix != prefix_) {
            refuse_member(what_, member.name,
                          fmt::format("lies outside the package '{}'", printable(prefix_)));
        }
        return member.name.size() == prefix_.size() ? std::string()
                                                    : member.name.substr(prefix_.size() + 1);
    }

    void unpack(const TarMember& member, const std::string& name) {
        if (!member.hard_link.empty()) {
            if (!member.hard_link.starts_with(prefix_ + "/") || name.empty()) {
                refuse_member(what_, member.name,
                              fmt::format("is a hard link to '{}', outside the package",
                                          printable(member.hard_link)));
            }
            writer_->hard_link(name, member.hard_link.substr(prefix_.size() + 1));
            return;
        }
        if (name.empty() && !S_ISDIR(member.mode)) {
            refuse_member(what_, member.name, "should be the package's directory, but is none");
        }
        switch (member.mode & S_IFMT) {
            case S_IFDIR:
                make_directory(member, name);
                break;
            case S_IFLNK:
                writer_->symlink(name, member.symlink, member.mtime);
                break;
            case S_IFREG:
                write_file(member, name);
                break;
            default:
                refuse_member(what_, member.name, "is a device, a socket or a FIFO");
        }
    }

    void make_directory(const TarMember& member, const std::string& name) {
        const mode_t mode = member.mode & 01777;  // set-id bits mean nothing good on a directory
        if (name.empty()) {
            result_.root_mode = mode;
            result_.root_mtime = member.mtime;
        } else {
            writer_->directory(name, {mode, member.mtime});
        }
    }

    void write_file(const TarMember& member, const std::string& name) {
        const UniqueFd fd = writer_->create_file(name);
        for (auto piece = tar_.content(); !piece.empty(); piece = tar_.content()) {
            result_.content += piece.size();
            if (result_.content > options_.max_content) {
                refuse_member(
                    what_, member.name,
                    fmt::format("makes the package larger than {} bytes", options_.max_content));
            }
            write_all(fd.get(), piece, member.name);
        }
        mode_t mode = member.mode;
        if ((mode & set_id_bits) != 0) {
            ++result_.set_id_files;
            if (!options_.keep_set_id) mode &= ~set_id_bits;
        }
        writer_->finish_file(fd.get(), name, {mode, member.mtime});
    }

    TarReader& tar_;
    const std::string& what_;
    const std::function<int(const std::string&)>& open_root_;
    const UnpackOptions& options_;
    std::string prefix_;
    std::optional<TreeWriter> writer_;
    UnpackResult result_;
};

unsigned workers() {
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

UnpackResult unpack_tree(const ByteSource& source, const std::string& what,
                         const std::function<int(const std::string& prefix)>& open_root,
                         const UnpackOptions& options) {
    TarReader tar(source, what, options.limits, workers());
    return Unpacker(tar, what, open_root, options).run();
}

void scan_files(const ByteSource& source, const std::string& what, ArchiveModule::Scan& scan) {
    TarReader tar(source, what, {}, workers());
    TarMember member;
    while (!scan.stop && tar.next(member)) {
        if (!S_ISREG(member.mode) || !member.hard_link.empty()) continue;
        if (!scan.wants(member.name, member.size)) continue;
        std::string content;
        for (auto piece = tar.content(); !piece.empty(); piece = tar.content()) {
            content.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        }
        scan.take(member.name, std::move(content));
    }
}

void visit_members(const ByteSource& source, const std::string& what,
                   const std::function<void(const ArchiveMember&)>& begin,
                   const ByteSink& content) {
    TarReader tar(source, what, {}, workers());
    TarMember member;
    while (tar.next(member)) {
        begin({member.name, member.mode, member.size, member.symlink, member.hard_link});
        if (!S_ISREG(member.mode) || !member.hard_link.empty()) continue;
        for (auto piece = tar.content(); !piece.empty(); piece = tar.content())
            content(piece);
    }
}

std::string first_prefix(const ByteSource& source, const std::string& what) {
    TarReader tar(source, what, {}, 1);
    TarMember member;
    while (tar.next(member)) {
        const auto parts = split(member.name, '/');
        if (parts.size() >= prefix_parts) return prefix_of(what, member.name, parts);
    }
    return {};
}

}  // namespace hab::package
