// SPDX-License-Identifier: Apache-2.0
// Private to package/: an artifact becomes a pending directory of verified bytes.
#pragma once

#include <functional>
#include <memory>

#include "crypto/key_cache.hpp"
#include "package/archive_module.hpp"
#include "package/ident.hpp"
#include "package/installed.hpp"
#include "package/pending_install.hpp"

namespace hab::package {

struct Unpacked {
    Ident ident;
    std::unique_ptr<PendingInstall> pending;  ///< null if `begin` said no
    UnpackResult result;
};

/// Checks the signature, then hashes and unpacks in one pass through one descriptor, then compares
/// the hash: nothing of an artifact that is not verified gets further than a closed temporary
/// directory. `begin` is asked once the ident is known. Throws as Installer::install_file.
[[nodiscard]] Unpacked unpack_verified(const fs::path& hart, const InstalledPackages& store,
                                       const crypto::KeyCache& keys,
                                       const std::function<bool(const Ident&)>& begin);

/// Gives the package its name. False if another process was faster (its package is as good as
/// ours). Throws conflict when something that is not this package is in the way.
[[nodiscard]] bool put_in_place(Unpacked& unpacked, const InstalledPackages& store);

/// Copies bytes into a temporary sibling of `to`, mode 0644, then renames it.
void copy_file_atomic(const fs::path& from, const fs::path& to);

}  // namespace hab::package
