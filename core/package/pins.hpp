// SPDX-License-Identifier: Apache-2.0
// Packages that an operator wants to keep, whatever else needs them. docs/guide/garbage.md.
#pragma once

#include <vector>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "package/ident.hpp"

namespace hab::package {

/// One small file for each pin, in /hab/etc/pins of the store's root: pins belong to the store, not
/// to a user. Files are written atomically, so that processes may pin and unpin at once. Holds no
/// state but the directory; thread-safe.
class Pins {
public:
    explicit Pins(const Paths& paths) : dir_(paths.hab() / "etc" / "pins") {}

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }
    /// All, sorted by parts. Throws invalid_input naming a file that is no pin: who collects garbage
    /// must not guess what it was meant to protect.
    [[nodiscard]] std::vector<Ident> list() const;
    /// False if exactly this ident is pinned already.
    bool add(const Ident& ident) const;
    /// False if exactly this ident is not pinned.
    bool remove(const Ident& ident) const;

private:
    [[nodiscard]] fs::path file_of(const Ident& ident) const;
    fs::path dir_;
};

}  // namespace hab::package
