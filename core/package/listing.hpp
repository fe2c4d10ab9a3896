// SPDX-License-Identifier: Apache-2.0
// What is in a package, file by file, whether it is installed or still an artifact.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "crypto/key_cache.hpp"
#include "package/installed.hpp"

namespace hab::package {

struct ListedFile {
    mode_t mode = 0;         ///< with file type
    std::uint64_t size = 0;  ///< of regular files
    std::string content;     ///< BLAKE2b-256 of a regular file as hex, or where a link leads
    bool operator==(const ListedFile&) const = default;
};

struct Listing {
    Ident ident;
    std::map<std::string, ListedFile> files;  ///< by path below the package's directory
    std::map<std::string, std::string> meta;  ///< trimmed metafiles and default.toml, by name
};

/// Hashes the whole tree on all processors. Throws io.
[[nodiscard]] Listing list_installed(const InstalledPackage& package);
/// Reads the artifact once, without unpacking it. Throws crypto for a bad header, invalid_input for
/// what is no package. Nothing is verified.
[[nodiscard]] Listing list_artifact(const fs::path& path);
/// The same from an artifact whose signature and content are right; throws crypto if they are not.
[[nodiscard]] Listing list_verified_artifact(const fs::path& path, const crypto::KeyCache& keys);

}  // namespace hab::package
