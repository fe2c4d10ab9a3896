// SPDX-License-Identifier: Apache-2.0
// Private to package/: the directory in which a package takes shape.
#pragma once

#include "base/files.hpp"
#include "package/ident.hpp"

namespace hab::package {

/// A hidden directory beside the release directory to be, closed to other users. It is locked while
/// its process lives, so that what a killed process left can be told from work in progress and
/// removed. Without commit() everything goes: the directory, and the parents that are empty again.
class PendingInstall {
public:
    /// `release_dir`: …/pkgs/origin/name/version/release. Creates its parents; removes the leavings
    /// of dead processes there.
    explicit PendingInstall(fs::path release_dir);
    PendingInstall(const PendingInstall&) = delete;
    PendingInstall& operator=(const PendingInstall&) = delete;
    ~PendingInstall();

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// Everything to disk, then the final name, durably. False if somebody else's directory is
    /// there already; ours is still pending then.
    [[nodiscard]] bool commit();

private:
    void create();

    fs::path release_dir_;
    fs::path path_;
    UniqueFd fd_;
};

}  // namespace hab::package
