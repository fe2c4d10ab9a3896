// SPDX-License-Identifier: Apache-2.0
// A directory on its way out: hidden first, then removed or put back.
#pragma once

#include <span>
#include <string_view>

#include "base/files.hpp"

namespace hab::package {

/// Gives a directory a hidden name beside it: from then on nobody finds it, and what still uses it
/// can be looked for before anything is lost. It stays locked (flock) until it is removed or put
/// back, so that nobody takes it for the leavings of a killed process; one descriptor each. If
/// neither happens, it is left to the next sweep. Movable.
class SetAside {
public:
    /// The hidden name is `prefix`, the directory's own name, '-' and random digits. Empty
    /// afterwards if there is no such directory. Fail points: `stage`.rename, `stage`.tree.
    /// Throws io, denied.
    SetAside(fs::path dir, std::string_view prefix, std::string stage);

    [[nodiscard]] explicit operator bool() const noexcept { return !hidden_.empty(); }
    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }
    [[nodiscard]] const fs::path& hidden() const noexcept { return hidden_; }
    /// The old name again, durably. Throws io; conflict if the name is taken.
    void put_back();
    /// Makes the hidden names of all of these durable; several with one flush of the file system
    /// they are in. The empty ones do not count. Fail point: `stage`.sync for each. Throws io.
    static void sync(std::span<const SetAside* const> all);
    /// Removes the tree; sync() comes first. Throws as remove_tree.
    void remove();

private:
    fs::path dir_;
    fs::path hidden_;
    std::string stage_;
    UniqueFd fd_;
};

}  // namespace hab::package
