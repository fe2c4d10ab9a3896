// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "crypto/key_cache.hpp"
#include "package/installed.hpp"
#include "package/package_source.hpp"

namespace hab::package {

enum class InstallStep {
    found,      ///< already installed, nothing to do
    verifying,  ///< reading, hashing and unpacking begin
    installed,  ///< it is in the store now
};

struct InstallOptions {
    /// Told about each package, dependencies first.
    std::function<void(InstallStep, const Ident&)> progress;
    /// Copy the given artifact into the artifact cache, as upstream (default), or not (other
    /// roots).
    bool cache_artifact = true;
};

struct Installed {
    InstalledPackage package;
    bool was_there = false;
    unsigned new_packages = 0;  ///< put into the store by this call, dependencies included
};

/// Puts packages into a store: verify, unpack into a temporary sibling, rename, fsync. Only
/// verified bytes get their name; whatever is killed when, a package is there as a whole or not at
/// all. No locks: two processes that install the same package both succeed.
class Installer {
public:
    /// `sources` are asked in order for dependencies and keys; borrowed, must outlive the
    /// installer.
    Installer(InstalledPackages store, crypto::KeyCache keys, std::vector<PackageSource*> sources,
              InstallOptions options = {});

    /// Installs an artifact file and everything in its TDEPS that is missing. Throws crypto (not
    /// verified, or signed by a key of another origin), invalid_input (not a package), not_found (a
    /// dependency that is neither installed nor in a source), unsupported (other target), no_space,
    /// io.
    Installed install_file(const fs::path& hart);
    /// Installs the package of a fully qualified ident from the sources, or the newest that
    /// satisfies a partial one among what is installed and what the sources have.
    Installed install_ident(const Ident& wanted);

private:
    void report(InstallStep step, const Ident& ident) const;
    Installed install(const fs::path& hart, bool with_dependencies);
    /// Returns how many were missing and are there now.
    unsigned install_dependencies(const std::vector<Ident>& tdeps, const Ident& wanted_by,
                                  PackageSource& beside);
    [[nodiscard]] std::optional<fs::path> fetch(const Ident& ident, PackageSource* beside);
    void fetch_key(const fs::path& hart);
    void copy_to_cache(const fs::path& hart, const Ident& ident) const;

    InstalledPackages store_;
    crypto::KeyCache keys_;
    std::vector<PackageSource*> sources_;
    InstallOptions options_;
};

/// One artifact into one store, dependencies not looked at: for roots that a caller composes
/// itself.
Installed install_hart(const fs::path& hart, const InstalledPackages& store,
                       const crypto::KeyCache& keys);

}  // namespace hab::package
