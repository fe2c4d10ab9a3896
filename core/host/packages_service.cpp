// SPDX-License-Identifier: Apache-2.0
// hab.packages/1
#include <fmt/format.h>

#include "base/error.hpp"
#include "host/abi_copy.hpp"
#include "host/closure.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {
namespace {

const package::InstalledPackages& store_of(const hab_host* host) {
    return Context::of(host).state().packages();
}

package::InstalledPackage load(const hab_host* host, hab_str ident) {
    return store_of(host).load(package::Ident::parse(plugin::from_abi(ident)));
}

hab_status resolve(const hab_host* host, hab_str ident, hab_sink full_ident, hab_sink path,
                   hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const package::InstalledPackage found = load(host, ident);
        plugin::put(full_ident, found.ident().to_string());
        plugin::put(path, found.dir().string());
    });
}

std::vector<package::InstalledPackage> direct(const package::InstalledPackages& store,
                                              const package::InstalledPackage& package) {
    std::vector<package::InstalledPackage> found;
    for (const package::Ident& dep : package.deps())
        found.push_back(store.load(dep));
    return found;
}

std::vector<package::InstalledPackage> transitive(const package::InstalledPackages& store,
                                                  const package::InstalledPackage& package) {
    std::vector<package::InstalledPackage> found = closure(store, {package.ident()});
    found.pop_back();  // itself
    return found;
}

hab_status deps(const hab_host* host, hab_str ident, std::uint32_t which, void* ctx,
                hab_status (*each)(void* ctx, hab_str full_ident, hab_str path),
                hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        if (which != HAB_DEPS_DIRECT && which != HAB_DEPS_TRANSITIVE) {
            throw Error(ErrorCode::unsupported,
                        fmt::format("this hab knows no kind {} of dependencies", which));
        }
        const package::InstalledPackage package = load(host, ident);
        const auto found = which == HAB_DEPS_DIRECT ? direct(store_of(host), package)
                                                    : transitive(store_of(host), package);
        for (const package::InstalledPackage& dep : found) {
            const std::string name = dep.ident().to_string();
            const std::string path = dep.dir().string();
            if (each(ctx, plugin::to_abi(name), plugin::to_abi(path)) != HAB_STATUS_OK) return;
        }
    });
}

hab_status metafile(const hab_host* host, hab_str ident, hab_str name, hab_sink out,
                    hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const package::InstalledPackage package = load(host, ident);
        const std::string_view wanted = plugin::from_abi(name);
        if (wanted.empty() || wanted.find('/') != std::string_view::npos ||
            wanted.starts_with('.')) {
            throw Error(ErrorCode::usage,
                        fmt::format("'{}' is not the name of a metafile", wanted));
        }
        const auto content = package.meta().read(wanted);
        if (!content) {
            throw Error(ErrorCode::not_found, fmt::format("package '{}' has no metafile '{}'",
                                                          package.ident().to_string(), wanted));
        }
        plugin::put(out, *content);
    });
}

}  // namespace

const hab_packages_service packages_table = {sizeof(hab_packages_service), resolve, deps, metafile};

}  // namespace hab::host
