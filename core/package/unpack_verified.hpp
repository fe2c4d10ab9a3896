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
    std::unique_ptr<PendingInstall> pending;  ///< null if `begin` said no, or `busy`
    bool busy = false;                        ///< somebody else is installing it right now
    UnpackResult result;
    std::string payload_hash;  ///< as signed, and as read
};

/// Checks the signature, then hashes and unpacks in one pass through one descriptor, then compares
/// the hash: nothing of an artifact that is not verified gets further than a closed temporary
/// directory. `begin` is asked once the ident is known. `cancelled` is asked before each
/// read, from any thread. Throws as Installer::install_file; cancelled.
[[nodiscard]] Unpacked unpack_verified(const fs::path& hart, const InstalledPackages& store,
                                       const crypto::KeyCache& keys,
                                       const std::function<bool(const Ident&)>& begin,
                                       const std::function<bool()>& cancelled = {});

/// Throws invalid_input unless an artifact that was found by its name holds the package of that name.
void require_wanted(const fs::path& hart, const Ident& holds, const Ident& wanted);

/// Gives the package's own directory its mode and time: the last write before PendingInstall::sync.
void finish_root(const Unpacked& unpacked);
/// Gives the package, whose content is on disk, its name. False if another process was faster (its package is as good as
/// ours). Throws conflict when something that is not this package is in the way.
[[nodiscard]] bool put_in_place(Unpacked& unpacked, const InstalledPackages& store);

/// Keeps a copy of an artifact, mode 0644, under another name, if its payload still has this hash;
/// else throws crypto: what was installed is not what lies there now.
void copy_artifact(const fs::path& from, const fs::path& to, const std::string& payload_hash,
                   const crypto::KeyCache& keys);

}  // namespace hab::package
