// SPDX-License-Identifier: Apache-2.0
// Private to package/: the directory in which a package takes shape.
#pragma once

#include <memory>

#include "base/files.hpp"
#include "package/ident.hpp"

namespace hab::package {

/// A hidden directory beside the release directory to be, closed to other users. It is locked while
/// its process lives, so that what a killed process left can be told from work in progress and
/// removed, and so that others wait instead of doing the same work again. Without place()
/// everything goes: the directory, and the parents that are empty again.
class PendingInstall {
public:
    /// `release_dir`: …/pkgs/origin/name/version/release. Creates its parents; removes the leavings
    /// of dead processes there. Null if a living process (or another thread of this one) is
    /// installing this release right now.
    [[nodiscard]] static std::unique_ptr<PendingInstall> begin(fs::path release_dir);
    /// Whether somebody is.
    [[nodiscard]] static bool under_way(const fs::path& release_dir);

    PendingInstall(const PendingInstall&) = delete;
    PendingInstall& operator=(const PendingInstall&) = delete;
    ~PendingInstall();

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// Everything of this file system to disk: of this package and all others.
    void sync();
    /// The final name, durably, once the content is on disk. False if somebody else's directory is
    /// there already; ours is still pending then.
    [[nodiscard]] bool place();

private:
    explicit PendingInstall(fs::path release_dir) : release_dir_(std::move(release_dir)) {}
    /// False if somebody else is at it.
    bool create();

    fs::path release_dir_;
    fs::path path_;
    UniqueFd fd_;
};

}  // namespace hab::package
