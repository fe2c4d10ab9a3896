// SPDX-License-Identifier: Apache-2.0
#include "package/artifact_directory.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "package/hart_reader.hpp"
#include "package/ordering.hpp"

namespace hab::package {
namespace {

/// The artifact's identity, nothing if the file is none: a stray file must not hide the good ones.
std::optional<Ident> ident_of(const fs::path& path) {
    try {
        return peek_ident(path);
    } catch (const Error& error) {
        log::warn("package", "'{}' is passed over: {}", path.string(), error.message());
        return std::nullopt;
    }
}

}  // namespace

std::string ArtifactDirectory::description() const {
    return fmt::format("the directory '{}'", dir_.string());
}

std::optional<Ident> ArtifactDirectory::resolve(const Ident& wanted, const Target& target) {
    if (wanted.fully_qualified()) {
        return fetch(wanted, target) ? std::optional(wanted) : std::nullopt;
    }
    // "core-nginx-" also begins the files of core/nginx-extras: the name inside the archive
    // decides.
    const std::string begin = fmt::format("{}-{}-{}", wanted.origin, wanted.name, wanted.version);
    const std::string end = fmt::format("-{}.hart", target.name());
    std::vector<Ident> found;
    std::error_code error;
    for (fs::directory_iterator it(dir_, error), last; !error && it != last; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(begin) || !name.ends_with(end)) continue;
        if (auto ident = ident_of(it->path())) found.push_back(std::move(*ident));
    }
    return latest_of(found, wanted);
}

std::optional<fs::path> ArtifactDirectory::fetch(const Ident& ident, const Target& target) {
    fs::path path = dir_ / ident.archive_name(target);
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    return path;
}

bool ArtifactDirectory::fetch_key(const crypto::KeyName& /*key*/,
                                  const crypto::KeyCache& /*into*/) {
    return false;
}

}  // namespace hab::package
