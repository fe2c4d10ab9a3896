// SPDX-License-Identifier: Apache-2.0
// Package identity: origin/name[/version[/release]]. docs/formats/ident.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "package/target.hpp"

namespace hab::package {

/// An immutable-by-habit value. `version` and `release` are empty when absent; a release never
/// comes without a version.
struct Ident {
    std::string origin;
    std::string name;
    std::string version;
    std::string release;

    /// Throws usage: wrong number of parts, empty part, "." or "..", or a character that cannot be
    /// part of a path or a line (blank, control, NUL, backslash). Stricter than upstream, which
    /// takes anything.
    [[nodiscard]] static Ident parse(std::string_view text);
    [[nodiscard]] static std::optional<Ident> try_parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] bool fully_qualified() const noexcept { return !release.empty(); }
    /// Whether this is one of the packages that `wanted` asks for: equal in every part that
    /// `wanted` has.
    [[nodiscard]] bool satisfies(const Ident& wanted) const noexcept;
    /// "core-nginx-1.22.1-20260101000000-x86_64-linux.hart". Throws usage unless fully qualified.
    [[nodiscard]] std::string archive_name(const Target& target) const;
    /// "hab/pkgs/core/nginx/1.22.1/20260101000000": path below the file-system root, and prefix of
    /// every archive member. Shorter for an ident that is not fully qualified.
    [[nodiscard]] std::string relative_path() const;
    /// "core/nginx", without version and release.
    [[nodiscard]] Ident without_version() const { return {origin, name, {}, {}}; }

    bool operator==(const Ident&) const = default;
};

/// Throws usage (naming the ident and the missing parts) unless it is fully qualified.
void require_fully_qualified(const Ident& ident);

}  // namespace hab::package
