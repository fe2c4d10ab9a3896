// SPDX-License-Identifier: Apache-2.0
// Small signed packages for the fault tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "crypto/signing.hpp"

namespace hab::test {

struct PackageSpec {
    std::string ident;                    ///< fully qualified
    std::vector<std::string> tdeps = {};  ///< nearest first
    std::map<std::string, std::string> files =
        {};  ///< further files; those in hooks/ get mode 0755
};

/// Writes artifacts signed by one key of the origin "acme" whose public part is in the key cache.
class PackageMaker {
public:
    PackageMaker();
    /// Below `dir`, named as upstream names it. Returns its path.
    fs::path make(const PackageSpec& spec, const fs::path& dir) const;
    [[nodiscard]] const crypto::SigningKeyPair& keys() const noexcept { return keys_; }

private:
    crypto::SigningKeyPair keys_;
};

}  // namespace hab::test
