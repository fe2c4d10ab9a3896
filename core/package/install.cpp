// SPDX-License-Identifier: Apache-2.0
#include "package/install.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "package/artifact.hpp"
#include "package/artifact_directory.hpp"
#include "package/closure_install.hpp"
#include "package/ordering.hpp"
#include "package/parallel.hpp"
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

StoreLock Installer::lock() const {
    return {store_.paths(), StoreLock::Kind::adding, options_.waiting_for_removal};
}

std::optional<fs::path> Installer::fetch(const Ident& ident, const fs::path& beside) {
    if (auto path = ArtifactDirectory(beside).fetch(ident, store_.target())) return path;
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
    if (!options_.offline) return;  // the sentence of whoever looks for it there is the right one
    throw Error(ErrorCode::not_found,
                fmt::format("cannot verify '{}' offline: the public key '{}' is not in '{}'",
                            hart.string(), header.key.to_string(), keys_.dir().string()),
                "import the key with 'hab origin key import', or install without --offline");
}

ClosureInstall Installer::closure(const fs::path& beside) {
    return ClosureInstall(
        {store_, keys_, [this](InstallStep step, const Ident& ident) { report(step, ident); },
         [this](const fs::path& hart) { fetch_key(hart); },
         [this, beside](const Ident& ident) { return fetch(ident, beside); }, options_.workers});
}

void Installer::add_missing(ClosureInstall& closure, const std::vector<Ident>& tdeps,
                            const Ident& wanted_by, const fs::path& beside) {
    std::vector<Ident> missing;
    // TDEPS is nearest first: from its end, every package comes after what it needs itself.
    for (auto ident = tdeps.rbegin(); ident != tdeps.rend(); ++ident) {
        if (*ident == wanted_by) continue;  // it needs itself: a mistake of its plan
        if (store_.has(*ident)) {
            report(InstallStep::found, *ident);
        } else if (auto path = fetch(*ident, beside)) {
            closure.add(*ident, std::move(*path));
        } else {
            missing.push_back(*ident);
        }
    }
    if (missing.empty()) return;
    throw Error(ErrorCode::not_found,
                fmt::format("cannot install '{}'{}: it needs {}, which {} neither installed nor "
                            "found in {}",
                            wanted_by.to_string(), options_.offline ? " offline" : "",
                            join(texts_of(missing), ", "), missing.size() == 1 ? "is" : "are",
                            ArtifactDirectory(beside).description()),
                "put the .hart files of these packages into that directory or into the artifact "
                "cache and try again");
}

void Installer::copy_to_cache(const fs::path& hart, const Ident& ident,
                              const std::string& payload_hash) const {
    const fs::path dir = store_.paths().artifact_cache();
    const fs::path cached = dir / ident.archive_name(store_.target());
    if (same_file(hart, cached)) return;
    try {
        make_directories(dir);
        copy_artifact(hart, cached, payload_hash, keys_);
    } catch (
        const Error& error) {  // the package is installed: a cache that is full does not undo that
        log::warn("package", "the artifact was not kept: {}", error.message());
    }
}

unsigned Installer::finish(ClosureInstall& closure) const {
    closure.run();
    // Last, so that the copies do not have to reach the disk before the packages have their names.
    const auto& placed = closure.placed();
    if (options_.cache_artifact) {
        in_parallel(placed.size(), [&](std::size_t i) {
            copy_to_cache(placed[i].hart, placed[i].ident, placed[i].payload_hash);
        });
    }
    return static_cast<unsigned>(placed.size());
}

Installed Installer::complete(const InstalledPackage& there, const fs::path& beside) {
    report(InstallStep::found, there.ident());
    remove_stale_files(store_.paths().artifact_cache());  // of an install killed while it copied
    ClosureInstall list = closure(beside);
    add_missing(list, there.tdeps(), there.ident(), beside);
    return {there, true, finish(list)};
}

Installed Installer::install(const fs::path& hart, const Ident* wanted) {
    const StoreLock held = lock();
    const fs::path beside = hart.has_parent_path() ? hart.parent_path() : fs::path(".");
    fetch_key(hart);
    const auto begin = [&](const Ident& ident) {
        if (wanted != nullptr) require_wanted(hart, ident, *wanted);
        if (store_.has(ident)) return false;
        report(InstallStep::verifying, ident);
        return true;
    };
    auto unpacked = unpack_verified(hart, store_, keys_, begin);
    const Ident ident = unpacked.ident;
    if (!unpacked.pending && !unpacked.busy)
        return complete(InstalledPackage(ident, store_.dir_of(ident)), beside);
    ClosureInstall list = closure(beside);
    if (unpacked.busy) {
        list.add(ident, hart);  // waited for there; what it needs is found once it is unpacked
    } else {
        const auto tdeps = Metafiles(unpacked.pending->path()).idents(metafile::tdeps);
        add_missing(list, tdeps, ident, beside);
        list.add(std::move(unpacked), hart);
    }
    const unsigned count = finish(list);
    const bool ours = std::any_of(list.placed().begin(), list.placed().end(),
                                  [&](const auto& placed) { return placed.ident == ident; });
    return {InstalledPackage(ident, store_.dir_of(ident)), !ours, count};
}

Installed Installer::install_file(const fs::path& hart) {
    return install(hart);
}

void Installer::not_found(const Ident& wanted) const {
    std::vector<std::string> places;
    for (const PackageSource* source : sources_)
        places.push_back(source->description());
    const std::string where = places.empty() ? "anywhere" : "in " + join(places, " or ");
    if (options_.ignore_local) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the package '{}' is not found {}, and what is installed was not "
                                "to be looked at",
                                wanted.to_string(), where),
                    "leave out --ignore-local, or give the .hart file itself");
    }
    throw Error(ErrorCode::not_found,
                fmt::format("the package '{}' is neither installed nor found {}",
                            wanted.to_string(), where),
                options_.offline ? "install without --offline, or give the .hart file itself"
                                 : "check the name, or give the .hart file itself");
}

Installed Installer::install_ident(const Ident& wanted) {
    const auto local = store_.find(wanted);
    std::optional<Ident> best;
    if (local && !options_.ignore_local) best = local->ident();
    if (!(wanted.fully_qualified() && local)) {
        for (PackageSource* source : sources_) {
            const auto found = source->resolve(wanted, store_.target());
            if (found && (!best || compare_by_parts(*found, *best) > 0)) best = found;
        }
    } else {
        best = local->ident();
    }
    if (!best) not_found(wanted);
    const fs::path cache = store_.paths().artifact_cache();
    if (store_.has(*best)) {
        const StoreLock held = lock();
        if (store_.has(*best)) {
            return complete(InstalledPackage(*best, store_.dir_of(*best)), cache);
        }
    }
    const auto path = fetch(*best, cache);
    if (path) return install(*path, &*best);
    throw Error(ErrorCode::not_found,
                fmt::format("the artifact of '{}' disappeared while it was being installed",
                            best->to_string()),
                "try again");
}

Installed install_hart(const fs::path& hart, const InstalledPackages& store,
                       const crypto::KeyCache& keys) {
    const StoreLock held(store.paths(), StoreLock::Kind::adding);
    auto unpacked =
        unpack_verified(hart, store, keys, [&](const Ident& ident) { return !store.has(ident); });
    if (unpacked.busy) {
        throw Error(ErrorCode::conflict,
                    fmt::format("cannot install '{}' into '{}': another process is doing that",
                                unpacked.ident.to_string(), store.paths().root().string()),
                    "wait until it is done, and try again");
    }
    bool ours = false;
    if (unpacked.pending) {
        finish_root(unpacked);
        unpacked.pending->sync();
        ours = put_in_place(unpacked, store);
    }
    return {InstalledPackage(unpacked.ident, store.dir_of(unpacked.ident)), !ours, ours ? 1u : 0u};
}

}  // namespace hab::package
