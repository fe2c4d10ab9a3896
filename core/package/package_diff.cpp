// SPDX-License-Identifier: Apache-2.0
#include "package/package_diff.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "package/metafiles.hpp"

namespace hab::package {
namespace {

std::string text_of(const Listing& listing, std::string_view name) {
    const auto found = listing.meta.find(std::string(name));
    return found == listing.meta.end() ? std::string() : found->second;
}

std::vector<Ident> idents_of(const Listing& listing, std::string_view name) {
    return parse_ident_lines(text_of(listing, name),
                             fmt::format("the {} of '{}'", name, listing.ident.to_string()));
}

/// What `a` has and `b` has not, in the order of `a`.
std::vector<Ident> without(const std::vector<Ident>& a, const std::vector<Ident>& b) {
    std::vector<Ident> rest;
    for (const Ident& ident : a) {
        if (std::find(b.begin(), b.end(), ident) == b.end()) rest.push_back(ident);
    }
    return rest;
}

IdentDifference diff_idents(const Listing& before, const Listing& after, std::string_view name) {
    const auto old_idents = idents_of(before, name);
    const auto new_idents = idents_of(after, name);
    return {without(old_idents, new_idents), without(new_idents, old_idents)};
}

bool is_identity(std::string_view name) {
    return name == metafile::ident || name == metafile::files || name == metafile::manifest;
}

std::uint64_t size_of(const Listing& listing) {
    std::uint64_t size = 0;
    for (const auto& [path, file] : listing.files)
        size += file.size;
    return size;
}

/// Permissions and content; a directory has no content.
bool same_file(const ListedFile& a, const ListedFile& b) {
    return a.mode == b.mode && a.content == b.content;
}

void diff_files(const Listing& before, const Listing& after, PackageDiff& result) {
    for (const auto& [path, file] : before.files) {
        if (before.meta.contains(path)) continue;
        const auto other = after.files.find(path);
        if (other == after.files.end()) {
            result.files.push_back({path, file, std::nullopt});
        } else if (!same_file(file, other->second)) {
            result.files.push_back({path, file, other->second});
        }
    }
    for (const auto& [path, file] : after.files) {
        if (!after.meta.contains(path) && !before.files.contains(path))
            result.files.push_back({path, std::nullopt, file});
    }
    std::sort(result.files.begin(), result.files.end(),
              [](const FileDifference& a, const FileDifference& b) { return a.path < b.path; });
}

void diff_meta(const Listing& before, const Listing& after, PackageDiff& result) {
    std::set<std::string> names;
    for (const Listing* listing : {&before, &after}) {
        for (const auto& [name, text] : listing->meta)
            names.insert(name);
    }
    for (const std::string& name : names) {
        if (is_identity(name) || name == metafile::deps || name == metafile::tdeps) continue;
        std::string old_text = text_of(before, name);
        std::string new_text = text_of(after, name);
        if (old_text != new_text)
            result.meta.push_back({name, std::move(old_text), std::move(new_text)});
    }
}

}  // namespace

bool PackageDiff::same() const noexcept {
    const auto none = [](const IdentDifference& idents) {
        return idents.removed.empty() && idents.added.empty();
    };
    return files.empty() && meta.empty() && none(deps) && none(tdeps);
}

PackageDiff diff(const Listing& before, const Listing& after) {
    PackageDiff result;
    result.before = before.ident;
    result.after = after.ident;
    diff_files(before, after, result);
    result.deps = diff_idents(before, after, metafile::deps);
    result.tdeps = diff_idents(before, after, metafile::tdeps);
    diff_meta(before, after, result);
    result.size_before = size_of(before);
    result.size_after = size_of(after);
    return result;
}

}  // namespace hab::package
