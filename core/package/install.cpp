// SPDX-License-Identifier: Apache-2.0
#include "package/install.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "package/artifact.hpp"
#include "package/artifact_directory.hpp"
#include "package/ordering.hpp"
#include "package/unpack_verified.hpp"

namespace hab::package {
namespace {

std::vector<std::string> texts_of(const std::vector<Ident>& idents) {
    std::vector<std::string> texts;
    for (const Ident& ident : idents)
        texts.push_back(ident.to_string());
    return texts;
}

bool same_file(const fs::path& a, const fs::path& b) {
    struct stat left{};
    struct stat right{};
    return ::stat(a.c_str(), &left) == 0 && ::stat(b.c_str(), &right) == 0 &&
           left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

bool has_public_key(const crypto::KeyCache& keys, const crypto::KeyName& name) {
    return fs::exists(keys.path_of(name, crypto::KeyKind::signing_public));
}

}  // namespace

Installer::Installer(InstalledPackages store, crypto::KeyCache keys,
                     std::vector<PackageSource*> sources, InstallOptions options)
    : store_(std::move(store)),
      keys_(std::move(keys)),
      sources_(std::move(sources)),
      options_(std::move(options)) {}

void Installer::report(InstallStep step, const Ident& ident) const {
    if (options_.progress) options_.progress(step, ident);
}

std::optional<fs::path> Installer::fetch(const Ident& ident, PackageSource* beside) {
    if (beside != nullptr) {
        if (auto path = beside->fetch(ident, store_.target())) return path;
    }
    for (PackageSource* source : sources_) {
        if (auto path = source->fetch(ident, store_.target())) return path;
    }
    return std::nullopt;
}

void Installer::fetch_key(const fs::path& hart) {
    const ArtifactHeader header = read_artifact_header(hart);
    if (has_public_key(keys_, header.key)) return;
    for (PackageSource* source : sources_) {
        if (source->fetch_key(header.key, keys_)) return;
    }
}

unsigned Installer::install_dependencies(const std::vector<Ident>& tdeps, const Ident& wanted_by,
                                         PackageSource& beside) {
    std::vector<std::pair<Ident, fs::path>> needed;
    std::vector<Ident> missing;
    // TDEPS is nearest first: from its end, every package comes after what it needs itself.
    for (auto ident = tdeps.rbegin(); ident != tdeps.rend(); ++ident) {
        if (store_.has(*ident)) {
            report(InstallStep::found, *ident);
        } else if (auto path = fetch(*ident, &beside)) {
            needed.emplace_back(*ident, std::move(*path));
        } else {
            missing.push_back(*ident);
        }
    }
    if (!missing.empty()) {
        throw Error(
            ErrorCode::not_found,
            fmt::format("cannot install '{}': it needs {}, which {} neither installed nor found "
                        "in {}",
                        wanted_by.to_string(), join(texts_of(missing), ", "),
                        missing.size() == 1 ? "is" : "are", beside.description()),
            "put the .hart files of these packages into that directory or into the artifact cache "
            "and try again");
    }
    unsigned count = 0;
    for (const auto& [ident, path] : needed) {
        const Installed done = install(path, false);
        count += done.new_packages;
        if (done.package.ident() == ident) continue;
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' holds the package '{}', not '{}' as its name says",
                                path.string(), done.package.ident().to_string(), ident.to_string()),
                    "remove the file or give it its right name");
    }
    return count;
}

void Installer::copy_to_cache(const fs::path& hart, const Ident& ident) const {
    const fs::path dir = store_.paths().artifact_cache();
    const fs::path cached = dir / ident.archive_name(store_.target());
    if (same_file(hart, cached)) return;
    try {
        make_directories(dir);
        copy_file_atomic(hart, cached);
    } catch (
        const Error& error) {  // the package is installed: a cache that is full does not undo that
        log::warn("package", "the artifact was not kept: {}", error.message());
    }
}

Installed Installer::install(const fs::path& hart, bool with_dependencies) {
    fetch_key(hart);
    ArtifactDirectory beside(hart.has_parent_path() ? hart.parent_path() : fs::path("."));
    const auto begin = [this](const Ident& ident) {
        if (store_.has(ident)) return false;
        report(InstallStep::verifying, ident);
        return true;
    };
    auto unpacked = unpack_verified(hart, store_, keys_, begin);
    if (!unpacked.pending) {
        InstalledPackage there(unpacked.ident, store_.dir_of(unpacked.ident));
        report(InstallStep::found, unpacked.ident);
        const unsigned count =
            with_dependencies ? install_dependencies(there.tdeps(), unpacked.ident, beside) : 0;
        return {std::move(there), true, count};
    }
    unsigned count = 0;
    if (with_dependencies) {
        const Metafiles meta(unpacked.pending->path());
        count = install_dependencies(meta.idents(metafile::tdeps), unpacked.ident, beside);
    }
    const bool ours = put_in_place(unpacked, store_);
    report(InstallStep::installed, unpacked.ident);
    // Last, so that the copy does not have to reach the disk before the package has its name.
    if (options_.cache_artifact) copy_to_cache(hart, unpacked.ident);
    return {InstalledPackage(unpacked.ident, store_.dir_of(unpacked.ident)), !ours,
            count + (ours ? 1 : 0)};
}

Installed Installer::install_file(const fs::path& hart) {
    return install(hart, true);
}

Installed Installer::install_ident(const Ident& wanted) {
    const auto local = store_.find(wanted);
    std::optional<Ident> best = local ? std::optional(local->ident()) : std::nullopt;
    if (!(wanted.fully_qualified() && local)) {
        for (PackageSource* source : sources_) {
            const auto found = source->resolve(wanted, store_.target());
            if (found && (!best || compare_by_parts(*found, *best) > 0)) best = found;
        }
    }
    if (!best) {
        std::vector<std::string> places;
        for (const PackageSource* source : sources_)
            places.push_back(source->description());
        throw Error(ErrorCode::not_found,
                    fmt::format("the package '{}' is neither installed nor found in {}",
                                wanted.to_string(), join(places, " or ")),
                    "check the name, or give the .hart file itself");
    }
    if (local && *best == local->ident()) {
        report(InstallStep::found, *best);
        return {*local, true, 0};
    }
    const auto path = fetch(*best, nullptr);
    if (!path) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the artifact of '{}' disappeared while it was being installed",
                                best->to_string()));
    }
    return install(*path, true);
}

Installed install_hart(const fs::path& hart, const InstalledPackages& store,
                       const crypto::KeyCache& keys) {
    auto unpacked =
        unpack_verified(hart, store, keys, [&](const Ident& ident) { return !store.has(ident); });
    const bool ours = unpacked.pending && put_in_place(unpacked, store);
    return {InstalledPackage(unpacked.ident, store.dir_of(unpacked.ident)), !ours, ours ? 1u : 0u};
}

}  // namespace hab::package
