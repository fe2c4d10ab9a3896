// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "package/ident.hpp"
#include "package/target.hpp"

namespace hab::package {

/// A place packages come from: a directory of artifacts, a depot. Used by one thread at a time.
/// Nothing a source delivers is trusted: whoever installs verifies it.
class PackageSource {
public:
    virtual ~PackageSource() = default;

    /// For messages: "the artifact cache '/hab/cache/artifacts'".
    [[nodiscard]] virtual std::string description() const = 0;
    /// Newest package of this target that satisfies `wanted`, fully qualified; nothing if there is
    /// none.
    [[nodiscard]] virtual std::optional<Ident> resolve(const Ident& wanted,
                                                       const Target& target) = 0;
    /// A local file with the artifact of this fully qualified ident; nothing if the source lacks
    /// it.
    [[nodiscard]] virtual std::optional<fs::path> fetch(const Ident& ident,
                                                        const Target& target) = 0;
    /// Puts the public key into the cache. False if the source does not have it.
    virtual bool fetch_key(const crypto::KeyName& key, const crypto::KeyCache& into) = 0;
};

}  // namespace hab::package
