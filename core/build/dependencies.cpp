// SPDX-License-Identifier: Apache-2.0
#include "build/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "build/build_error.hpp"

namespace hab::build {
namespace {

using package::Ident;
using package::InstalledPackage;

bool same(const InstalledPackage& a, const InstalledPackage& b) {
    return a.ident() == b.ident();
}

bool contains(const Packages& list, const InstalledPackage& package) {
    return std::any_of(list.begin(), list.end(),
                       [&](const InstalledPackage& other) { return same(other, package); });
}

void append_new(Packages& list, const Packages& more) {
    for (const InstalledPackage& package : more) {
        if (!contains(list, package)) list.push_back(package);
    }
}

/// Direct packages, then each one's TDEPS. An entry that comes again moves to the end.
Packages with_transitive(const Resolver& resolver, const Packages& direct) {
    Packages all = direct;
    for (const InstalledPackage& package : direct) {
        for (const Ident& ident : package.tdeps()) {
            const InstalledPackage dependency = resolver.load(ident);
            std::erase_if(all,
                          [&](const InstalledPackage& other) { return same(other, dependency); });
            all.push_back(dependency);
        }
    }
    return all;
}

void append_tree(std::string& text, const Resolver& resolver, const InstalledPackage& package,
                 const std::set<std::string>& offenders, unsigned depth) {
    text.append(std::size_t{depth} * 4, ' ');
    text += package.ident().to_string();
    if (offenders.contains(package.ident().without_version().to_string())) text += " (*)";
    text += '\n';
    if (depth > 30) return;  // a cycle cannot be built, but may be installed by hand
    for (const Ident& ident : package.deps())
        append_tree(text, resolver, resolver.load(ident), offenders, depth + 1);
}

void check_duplicates(const Resolver& resolver, const Dependencies& deps) {
    std::map<std::string, std::set<std::string>> releases;
    for (const InstalledPackage& package : deps.run_all)
        releases[package.ident().without_version().to_string()].insert(package.ident().to_string());
    std::set<std::string> offenders;
    for (const auto& [name, idents] : releases) {
        if (idents.size() > 1) offenders.insert(name);
    }
    if (offenders.empty()) return;
    std::string text = fmt::format("more than one release of {} would be needed at run time:\n",
                                   fmt::join(offenders, ", "));
    for (const InstalledPackage& package : deps.run)
        append_tree(text, resolver, package, offenders, 0);
    text.pop_back();
    throw BuildError(exit_codes::duplicate_dependency,
                     Error(ErrorCode::conflict, text,
                           "rebuild the dependencies so that they agree on one release"));
}

}  // namespace

Resolver::Resolver(package::InstalledPackages store, crypto::KeyCache keys,
                   std::vector<package::PackageSource*> sources, bool install,
                   std::function<void(const Ident&)> on_install)
    : store_(std::move(store)),
      keys_(std::move(keys)),
      sources_(std::move(sources)),
      install_(install),
      on_install_(std::move(on_install)) {}

InstalledPackage Resolver::resolve(const std::string& ident) const {
    try {
        const Ident wanted = Ident::parse(ident);
        if (!install_) return store_.load(wanted);
        package::InstallOptions options;
        options.progress = [&](package::InstallStep step, const Ident& which) {
            if (step == package::InstallStep::installed) on_install_(which);
        };
        package::Installer installer(store_, keys_, sources_, options);
        return installer.install_ident(wanted).package;
    } catch (const Error& error) {
        throw BuildError(1, error.in(fmt::format("cannot resolve the dependency '{}'", ident)));
    }
}

InstalledPackage Resolver::load(const Ident& ident) const {
    try {
        return store_.load(ident);
    } catch (const Error& error) {
        throw BuildError(1, error.in("cannot resolve the dependencies of a dependency"));
    }
}

std::optional<InstalledPackage> Resolver::find(const std::string& ident) const {
    return store_.find(Ident::parse(ident));
}

Dependencies Dependencies::resolve(const Resolver& resolver,
                                   const std::vector<std::string>& build_deps,
                                   const std::vector<std::string>& run_deps) {
    Dependencies deps;
    for (const std::string& ident : build_deps)
        append_new(deps.build, {resolver.resolve(ident)});
    for (const std::string& ident : run_deps)
        append_new(deps.run, {resolver.resolve(ident)});
    deps.build_all = with_transitive(resolver, deps.build);
    deps.run_all = with_transitive(resolver, deps.run);
    append_new(deps.direct, deps.build);
    append_new(deps.direct, deps.run);
    deps.all = deps.direct;
    append_new(deps.all, deps.build_all);
    append_new(deps.all, deps.run_all);
    check_duplicates(resolver, deps);
    return deps;
}

std::vector<Ident> idents_of(const Packages& packages) {
    std::vector<Ident> idents;
    for (const InstalledPackage& package : packages)
        idents.push_back(package.ident());
    return idents;
}

}  // namespace hab::build
