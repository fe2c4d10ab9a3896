// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "package/package_source.hpp"

namespace hab::package {

/// A directory of .hart files as a source: the artifact cache, a results directory, the directory
/// beside a file being installed. It never gives keys: whoever could put an artifact there could
/// put a key beside it, so a key from there would prove nothing.
class ArtifactDirectory final : public PackageSource {
public:
    explicit ArtifactDirectory(fs::path dir) : dir_(std::move(dir)) {}

    [[nodiscard]] std::string description() const override;
    [[nodiscard]] std::optional<Ident> resolve(const Ident& wanted, const Target& target) override;
    [[nodiscard]] std::optional<fs::path> fetch(const Ident& ident, const Target& target) override;
    bool fetch_key(const crypto::KeyName& key, const crypto::KeyCache& into) override;

private:
    fs::path dir_;
};

}  // namespace hab::package
