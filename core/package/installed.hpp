// SPDX-License-Identifier: Apache-2.0
// Packages below /hab/pkgs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "package/ident.hpp"
#include "package/metafiles.hpp"
#include "package/target.hpp"

namespace hab::package {

/// One installed release. A value: identity and directory; metafiles are read when asked for.
class InstalledPackage {
public:
    InstalledPackage(Ident ident, fs::path dir) : ident_(std::move(ident)), meta_(std::move(dir)) {}

    [[nodiscard]] const Ident& ident() const noexcept { return ident_; }
    /// Directory with FS_ROOT: what this process opens.
    [[nodiscard]] const fs::path& dir() const noexcept { return meta_.dir(); }
    /// "/hab/pkgs/…" without FS_ROOT: what the package's own files say.
    [[nodiscard]] std::string prefix() const { return "/" + ident_.relative_path(); }
    [[nodiscard]] const Metafiles& meta() const noexcept { return meta_; }

    [[nodiscard]] std::vector<Ident> deps() const { return meta_.idents(metafile::deps); }
    [[nodiscard]] std::vector<Ident> tdeps() const { return meta_.idents(metafile::tdeps); }
    /// Own bin directories, from PATH; entries outside the package are left out.
    [[nodiscard]] std::vector<std::string> bin_dirs() const;
    /// hooks/run, or run, is a file.
    [[nodiscard]] bool is_runnable() const;

private:
    Ident ident_;
    Metafiles meta_;
};

/// The package store of one file-system root, for one target. Reads directories on every call:
/// other processes install while this one lives. Thread-safe.
class InstalledPackages {
public:
    explicit InstalledPackages(Paths paths, Target target = Target::active())
        : paths_(std::move(paths)), target_(target) {}

    [[nodiscard]] const Paths& paths() const noexcept { return paths_; }
    [[nodiscard]] const Target& target() const noexcept { return target_; }
    /// All, sorted by parts.
    [[nodiscard]] std::vector<Ident> list() const;
    /// Those of one origin, or those that satisfy an ident, sorted by parts.
    [[nodiscard]] std::vector<Ident> list_origin(std::string_view origin) const;
    [[nodiscard]] std::vector<Ident> list_matching(const Ident& wanted) const;
    /// Newest that satisfies `wanted`; nothing if none is installed.
    [[nodiscard]] std::optional<InstalledPackage> find(const Ident& wanted) const;
    /// As find; throws not_found with a hint how to install it.
    [[nodiscard]] InstalledPackage load(const Ident& wanted) const;
    [[nodiscard]] bool has(const Ident& fully_qualified) const;
    /// Where a package is or would be: FS_ROOT + /hab/pkgs/….
    [[nodiscard]] fs::path dir_of(const Ident& fully_qualified) const;

private:
    Paths paths_;
    Target target_;
};

}  // namespace hab::package
