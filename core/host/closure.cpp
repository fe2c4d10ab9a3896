// SPDX-License-Identifier: Apache-2.0
#include "host/closure.hpp"

#include <fmt/format.h>

#include <set>

#include "base/error.hpp"

namespace hab::host {
namespace {

class Collector {
public:
    explicit Collector(const package::InstalledPackages& store) : store_(store) {}

    void add(const package::Ident& wanted, const std::string& needed_by) {
        const auto found = store_.find(wanted);
        if (!found) {
            if (needed_by.empty()) static_cast<void>(store_.load(wanted));  // throws, with its hint
            throw Error(ErrorCode::not_found,
                        fmt::format("'{}' needs '{}', which is not installed", needed_by,
                                    wanted.to_string()),
                        fmt::format("install it with: hab pkg install {}", wanted.to_string()));
        }
        // A cycle cannot come from a build, but could from a hand-made package: it ends here.
        if (!seen_.insert(found->ident().to_string()).second) return;
        for (const package::Ident& dep : found->deps())
            add(dep, found->ident().to_string());
        // TDEPS has what DEPS leads to; it is read too, because old packages may lack DEPS.
        for (const package::Ident& dep : found->tdeps())
            add(dep, found->ident().to_string());
        packages_.push_back(*found);
    }

    [[nodiscard]] std::vector<package::InstalledPackage> take() { return std::move(packages_); }

private:
    const package::InstalledPackages& store_;
    std::set<std::string> seen_;
    std::vector<package::InstalledPackage> packages_;
};

}  // namespace

std::vector<package::InstalledPackage> closure(const package::InstalledPackages& store,
                                               const std::vector<package::Ident>& idents) {
    Collector collector(store);
    for (const package::Ident& ident : idents)
        collector.add(ident, {});
    return collector.take();
}

}  // namespace hab::host
