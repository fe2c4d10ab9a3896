// SPDX-License-Identifier: Apache-2.0
// Which artifacts of the cache nothing needs any more.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/error.hpp"
#include "package/garbage.hpp"
#include "package/hart_reader.hpp"
#include "package/ordering.hpp"

namespace hab::package {
namespace {

constexpr std::string_view suffix = ".hart";

class ArtifactJudge {
public:
    explicit ArtifactJudge(const CacheContext& context)
        : context_(context), dir_(context.store.paths().artifact_cache()) {}

    std::vector<GarbageItem> run() {
        list();
        keep_of_packages();
        identify_others();
        keep_roots();
        keep_latest();
        keep_used();
        keep_needed();
        std::vector<GarbageItem> items;
        for (auto& [name, artifact] : artifacts_)
            items.push_back(std::move(artifact.item));
        return items;
    }

private:
    struct Artifact {
        GarbageItem item;
        std::optional<Ident> ident;  ///< nothing: it is no artifact
        std::string target;
    };

    void list() {
        std::error_code error;
        for (fs::directory_iterator it(dir_, error), end; !error && it != end;
             it.increment(error)) {
            std::string name = it->path().filename().string();
            if (!name.ends_with(suffix) || name.starts_with('.')) continue;
            Artifact artifact;
            artifact.item = {.kind = GarbageKind::artifact,
                             .name = name,
                             .path = it->path(),
                             .keep = false,
                             .reason = "nothing needs it"};
            artifacts_.emplace(std::move(name), std::move(artifact));
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            throw Error::from_errno(fmt::format("cannot list '{}'", dir_.string()), error.value());
        }
    }

    static void keep(Artifact& artifact, const std::string& reason) {
        if (artifact.item.keep) return;
        artifact.item.keep = true;
        artifact.item.reason = reason;
    }

    void keep_of_packages() {
        if (artifacts_.empty()) return;
        for (const GarbageItem& package : context_.packages) {
            if (!package.keep) continue;
            const Ident ident = Ident::parse(package.name);
            const auto found = artifacts_.find(ident.archive_name(context_.store.target()));
            if (found == artifacts_.end()) continue;
            found->second.ident = ident;
            found->second.target = context_.store.target().name();
            keep(found->second, "its package is installed and kept");
        }
    }

    /// File names cannot be taken apart (versions and names contain '-'): each is opened.
    void identify_others() {
        for (auto& [name, artifact] : artifacts_) {
            if (artifact.ident) continue;
            try {
                artifact.ident = peek_ident(artifact.item.path);
                const std::string ident = artifact.ident->archive_name(context_.store.target());
                const std::string own(context_.store.target().name());
                const auto stem = ident.size() - own.size() - suffix.size();
                artifact.target = name.size() > stem + suffix.size()
                                      ? name.substr(stem, name.size() - stem - suffix.size())
                                      : own;
            } catch (const Error& error) {
                keep(artifact, fmt::format("it is not understood: {}", error.message()));
            }
        }
    }

    void keep_roots() {
        for (const GarbageRoot& root : context_.roots) {
            Artifact* newest = nullptr;
            for (auto& [name, artifact] : artifacts_) {
                if (!artifact.ident || !artifact.ident->satisfies(root.ident)) continue;
                if (!root.newest_only) {
                    keep(artifact, root.reason);
                } else if (newest == nullptr ||
                           compare_by_parts(*artifact.ident, *newest->ident) > 0) {
                    newest = &artifact;
                }
            }
            if (newest != nullptr) keep(*newest, root.reason);
        }
    }

    void keep_latest() {
        std::map<std::string, std::vector<Artifact*>> groups;
        for (auto& [name, artifact] : artifacts_) {
            if (artifact.ident)
                groups[artifact.ident->without_version().to_string() + " " + artifact.target]
                    .push_back(&artifact);
        }
        for (auto& [name, group] : groups) {
            std::sort(group.begin(), group.end(), [](const Artifact* a, const Artifact* b) {
                return compare_by_parts(*a->ident, *b->ident) > 0;
            });
            const std::size_t count =
                std::min<std::size_t>(group.size(), context_.rules.keep_latest);
            for (std::size_t i = 0; i < count; ++i)
                keep(*group[i], "it is the newest artifact of its name");
        }
    }

    void keep_used() {
        for (auto& [name, artifact] : artifacts_) {
            if (artifact.item.keep) continue;
            if (const auto why = context_.use.why(artifact.item.path)) keep(artifact, *why);
            if (is_young(artifact.item.path, context_.rules))
                keep(artifact, "it has not been there for long");
        }
    }

    /// An artifact that is kept without its package being installed must stay installable.
    void keep_needed() {
        std::vector<const Artifact*> kept;
        for (const auto& [name, artifact] : artifacts_) {
            if (artifact.item.keep && artifact.ident && !context_.store.has(*artifact.ident)) {
                kept.push_back(&artifact);
            }
        }
        const bool all_kept = std::all_of(artifacts_.begin(), artifacts_.end(),
                                          [](const auto& entry) { return entry.second.item.keep; });
        if (all_kept) return;  // spares reading the payloads
        for (const Artifact* artifact : kept)
            keep_needed_by(*artifact);
    }

    void keep_needed_by(const Artifact& artifact) {
        std::vector<Ident> needed;
        try {
            needed = HartInfo::read(artifact.item.path).idents(metafile::tdeps);
        } catch (const Error&) {  // nobody can install it: it needs nothing
            return;
        }
        for (const Ident& ident : needed) {
            const std::string name =
                fmt::format("{}-{}-{}-{}-{}{}", ident.origin, ident.name, ident.version,
                            ident.release, artifact.target, suffix);
            const auto found = artifacts_.find(name);
            if (found != artifacts_.end())
                keep(found->second, fmt::format("{} needs it", artifact.item.name));
        }
    }

    const CacheContext& context_;
    fs::path dir_;
    std::map<std::string, Artifact> artifacts_;
};

}  // namespace

std::vector<GarbageItem> judge_artifacts(const CacheContext& context) {
    return ArtifactJudge(context).run();
}

}  // namespace hab::package
