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
#include "package/store_lock.hpp"

namespace hab::package {

enum class InstallStep {
    found,      ///< already installed, nothing to do
    verifying,  ///< reading, hashing and unpacking begin
    installed,  ///< it is in the store now
    waiting,    ///< another process is installing it: we wait for that
};

struct InstallOptions {
    /// Told about each package; from any thread, one call at a time.
    std::function<void(InstallStep, const Ident&)> progress;
    /// Called when uninstalls or a collection have to end first.
    std::function<void()> waiting_for_removal;
    /// Copy the given artifact into the artifact cache, as upstream (default), or not (other
    /// roots).
    bool cache_artifact = true;
    /// What is installed already does not count when the newest package of an ident is looked for.
    bool ignore_local = false;
    /// There is no network: the sources are all there is, and errors say so.
    bool offline = false;
    unsigned workers = 0;  ///< packages unpacked at once; 0 = one per processor
};

struct Installed {
    InstalledPackage package;
    bool was_there = false;
    unsigned new_packages = 0;  ///< put into the store by this call, dependencies included
};

class ClosureInstall;

/// Puts packages into a store: verify, unpack into a temporary sibling, sync, rename. Only verified
/// bytes get their name; whatever is killed when, a package is there as a whole and with everything
/// it needs, or not at all. Processes that install the same packages share the work; uninstalls
/// wait (StoreLock).
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
    [[nodiscard]] StoreLock lock() const;
    /// `wanted`: what the artifact must hold; nothing if the user named the file.
    Installed install(const fs::path& hart, const Ident* wanted = nullptr);
    /// Completes a package that is there already. The caller holds the lock.
    Installed complete(const InstalledPackage& there, const fs::path& beside);
    /// Adds to the list what is missing of these.
    void add_missing(ClosureInstall& closure, const std::vector<Ident>& tdeps,
                     const Ident& wanted_by, const fs::path& beside);
    /// Runs it and keeps copies of the artifacts. Returns the number of new packages.
    unsigned finish(ClosureInstall& closure) const;
    [[nodiscard]] ClosureInstall closure(const fs::path& beside);
    [[nodiscard]] std::optional<fs::path> fetch(const Ident& ident, const fs::path& beside);
    void fetch_key(const fs::path& hart);
    void copy_to_cache(const fs::path& hart, const Ident& ident,
                       const std::string& payload_hash) const;
    [[noreturn]] void not_found(const Ident& wanted) const;

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
