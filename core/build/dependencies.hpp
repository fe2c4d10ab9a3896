// SPDX-License-Identifier: Apache-2.0
// Resolution of a plan's dependencies to installed packages, and the orders in which plans see
// them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crypto/key_cache.hpp"
#include "package/install.hpp"
#include "package/installed.hpp"
#include "package/package_source.hpp"

namespace hab::build {

using Packages = std::vector<package::InstalledPackage>;

/// Finds or installs packages. Not thread-safe.
class Resolver {
public:
    /// `sources` are borrowed. With `install` false (NO_INSTALL_DEPS) only installed packages
    /// count.
    Resolver(package::InstalledPackages store, crypto::KeyCache keys,
             std::vector<package::PackageSource*> sources, bool install,
             std::function<void(const package::Ident&)> on_install);

    /// The newest package that satisfies the ident, installed now if it was not. Throws
    /// BuildError(1) naming the ident.
    [[nodiscard]] package::InstalledPackage resolve(const std::string& ident) const;
    /// An exact one, installed.
    [[nodiscard]] package::InstalledPackage load(const package::Ident& ident) const;
    /// The newest installed one; nothing if none is.
    [[nodiscard]] std::optional<package::InstalledPackage> find(const std::string& ident) const;

private:
    package::InstalledPackages store_;
    crypto::KeyCache keys_;
    std::vector<package::PackageSource*> sources_;
    bool install_;
    std::function<void(const package::Ident&)> on_install_;
};

/// Direct dependencies in declared order, and everything they need at run time.
struct Dependencies {
    Packages build;      ///< pkg_build_deps
    Packages run;        ///< pkg_deps
    Packages build_all;  ///< direct, then their TDEPS: dependencies follow dependents
    Packages run_all;
    Packages direct;  ///< build, then run
    Packages all;     ///< build, run, then the rest of build_all and run_all

    /// Resolves both lists. Throws BuildError(1) for what cannot be resolved, BuildError(31) when
    /// two releases of one package would be needed at run time.
    [[nodiscard]] static Dependencies resolve(const Resolver& resolver,
                                              const std::vector<std::string>& build_deps,
                                              const std::vector<std::string>& run_deps);
};

/// Fully qualified idents, in the same order.
[[nodiscard]] std::vector<package::Ident> idents_of(const Packages& packages);

}  // namespace hab::build
