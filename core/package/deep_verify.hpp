// SPDX-License-Identifier: Apache-2.0
// Whether an installed package still is what its origin signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key_cache.hpp"
#include "package/installed.hpp"

namespace hab::package {

enum class FaultKind {
    changed,  ///< other content, or another kind of file
    missing,
    added,
    mode,  ///< other permissions
};
/// "changed", "missing", "added", "mode".
[[nodiscard]] std::string_view to_string(FaultKind kind) noexcept;

struct Fault {
    FaultKind kind;
    std::string path;    ///< below the package's directory
    std::string detail;  ///< "0755 instead of 0644"; may be empty
};

struct DeepVerification {
    crypto::KeyName signer;
    std::size_t files = 0;    ///< that FILES lists
    std::uint64_t bytes = 0;  ///< that were hashed
    /// The verified artifact was in the artifact cache: modes, links and directories, which FILES
    /// does not know, were compared with it.
    bool with_artifact = false;
    std::string artifact_problem;  ///< why the artifact that is there could not be used
    std::vector<Fault> faults;     ///< sorted by path
};

/// Checks the signature of the package's FILES, that its key belongs to the package's origin and is
/// trusted, and hashes the installed tree on all processors. FILES, MANIFEST (unless listed) and
/// INSTALL_HOOK_STATUS do not count as added. Throws crypto if FILES is missing, unsigned, signed
/// by the wrong key or of another package; invalid_input if it is damaged; io for a file that
/// cannot be read.
[[nodiscard]] DeepVerification verify_deep(const InstalledPackage& package,
                                           const InstalledPackages& store,
                                           const crypto::KeyCache& keys);

}  // namespace hab::package
