// SPDX-License-Identifier: Apache-2.0
// Which downloads, builds, studios and plugin caches nothing needs any more.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/garbage.hpp"

namespace hab::package {
namespace {

using Names = std::unordered_set<std::string>;

constexpr std::string_view young_reason = "it has not been there for long";

/// Entries of a directory, sorted; none if it does not exist. Hidden ones are temporary.
std::vector<fs::path> entries_of(const fs::path& dir) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        if (!it->path().filename().string().starts_with('.')) entries.push_back(it->path());
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        throw Error::from_errno(fmt::format("cannot list '{}'", dir.string()), error.value());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

bool is_real_directory(const fs::path& path) {
    std::error_code error;
    return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

/// Whether a process holds flock(2) on a lock file alone. Asking shares it for a moment.
bool is_locked(const fs::path& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

GarbageItem item_of(GarbageKind kind, const fs::path& path, std::string_view reason) {
    return {.kind = kind,
            .name = path.filename().string(),
            .path = path,
            .keep = false,
            .reason = std::string(reason)};
}

/// The reasons that hold for everything.
void keep_if_used_or_young(GarbageItem& item, const CacheContext& context) {
    if (item.keep) return;
    if (const auto why = context.use.why(item.path)) {
        item.keep = true;
        item.reason = *why;
    } else if (is_young(item.path, context.rules)) {
        item.keep = true;
        item.reason = young_reason;
    }
}

std::vector<InstalledPackage> kept_packages(const CacheContext& context) {
    std::vector<InstalledPackage> kept;
    for (const GarbageItem& package : context.packages) {
        if (package.keep) kept.emplace_back(Ident::parse(package.name), package.path);
    }
    return kept;
}

/// Those words of a text that are in `wanted`, where a word is what a file name or URL consists of.
void find_words(std::string_view text, const std::map<std::string, GarbageItem*>& wanted,
                const std::string& reason) {
    static constexpr std::string_view ends = " \t\n/\"'`()[]<>{};=$,";
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(ends, begin), text.size());
        if (end > begin) {
            const auto found = wanted.find(std::string(text.substr(begin, end - begin)));
            if (found != wanted.end() && !found->second->keep) {
                found->second->keep = true;
                found->second->reason = reason;
            }
        }
        begin = end + 1;
    }
}

/// "nginx-1.22.1.tar.gz" -> whether any of its beginnings is "name-version" of a kept package.
bool is_named_after(const std::string& file, const Names& stems) {
    for (std::size_t end = 1; end <= file.size(); ++end) {
        const bool ends = end == file.size() ||
                          std::string_view("._-+").find(file[end]) != std::string_view::npos;
        if (ends && stems.contains(file.substr(0, end))) return true;
    }
    return false;
}

void judge_builds(const CacheContext& context, std::vector<GarbageItem>& items) {
    for (const fs::path& path : entries_of(context.store.paths().cache() / "build")) {
        if (!is_real_directory(path)) continue;  // the lock files stay: they are the locks
        GarbageItem item = item_of(GarbageKind::build, path, "the build that made it has ended");
        if (is_locked(path.string() + ".lock")) {
            item.keep = true;
            item.reason = "a build is using it";
        }
        keep_if_used_or_young(item, context);
        items.push_back(std::move(item));
    }
}

/// "work--app" -> whether /work/app is there. Blanks became '-' and '/' became "--", so several
/// readings are possible: one that is there is enough. What may not be listed counts as there.
bool source_exists(const fs::path& dir, std::string_view rest) {
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        const std::string name = replace_all(it->path().filename().string(), " ", "-");
        if (!rest.starts_with(name)) continue;
        const std::string_view after = rest.substr(name.size());
        std::error_code none;
        if (!(after.empty() || after.starts_with("--")) || !it->is_directory(none)) continue;
        if (after.empty() || source_exists(it->path(), after.substr(2))) return true;
    }
    return error == std::errc::permission_denied;
}

void judge_studios(const CacheContext& context, std::vector<GarbageItem>& items) {
    const Paths& paths = context.store.paths();
    for (const fs::path& path : entries_of(paths.studios())) {
        std::error_code error;
        // Whatever else lies there is not ours to judge.
        if (!is_real_directory(path) || !fs::exists(path / ".studio", error)) continue;
        GarbageItem item = item_of(GarbageKind::studio, path, "the source it was made for is gone");
        const std::string build =
            replace_all(replace_all(path.relative_path().string(), "/", "--"), " ", "-");
        if (is_locked(paths.cache() / "build" / (build + ".lock"))) {
            item.keep = true;
            item.reason = "a build is using it";
        } else if (item.name == "root" || source_exists("/", item.name)) {
            item.keep = true;
            item.reason = "the source it was made for is there";
        }
        keep_if_used_or_young(item, context);
        items.push_back(std::move(item));
    }
}

void judge_plugin_caches(const CacheContext& context, std::vector<GarbageItem>& items) {
    Names stems;
    for (const GarbageItem& package : context.packages) {
        if (package.keep) stems.insert(replace_all(package.name, "/", "-"));
    }
    for (const fs::path& plugin : entries_of(context.store.paths().cache() / "plugins")) {
        if (!is_real_directory(plugin)) continue;
        for (const fs::path& path : entries_of(plugin)) {
            GarbageItem item =
                item_of(GarbageKind::plugin_cache, path, "a plugin can make it again");
            if (is_named_after(item.name, stems)) {
                item.keep = true;
                item.reason = "it is made from a package that is kept";
            }
            item.name = plugin.filename().string() + "/" + item.name;
            keep_if_used_or_young(item, context);
            items.push_back(std::move(item));
        }
    }
}

}  // namespace

std::vector<fs::path> watched_caches(const Paths& paths) {
    return {paths.artifact_cache(), paths.source_cache(), paths.cache() / "build",
            paths.cache() / "plugins", paths.studios()};
}

std::vector<GarbageItem> judge_sources(const CacheContext& context) {
    const fs::path dir = context.store.paths().source_cache();
    std::vector<GarbageItem> items;
    for (const fs::path& path : entries_of(dir)) {
        items.push_back(item_of(GarbageKind::source, path,
                                is_real_directory(path) ? "every build unpacks its source again"
                                                        : "no kept package was made from it"));
    }
    if (items.empty()) return items;
    std::map<std::string, GarbageItem*> files;
    for (GarbageItem& item : items) {
        if (context.building) {
            item.keep = true;
            item.reason = "a build is running";
        } else if (!is_real_directory(item.path)) {
            files.emplace(item.name, &item);
        }
    }
    if (!files.empty()) {
        for (const InstalledPackage& package : kept_packages(context)) {
            const std::string text = package.meta().read_or_empty(metafile::manifest);
            find_words(text, files, package.ident().to_string() + " was made from it");
        }
    }
    for (GarbageItem& item : items)
        keep_if_used_or_young(item, context);
    return items;
}

std::vector<GarbageItem> judge_work(const CacheContext& context) {
    std::vector<GarbageItem> items;
    judge_builds(context, items);
    judge_studios(context, items);
    judge_plugin_caches(context, items);
    return items;
}

}  // namespace hab::package
