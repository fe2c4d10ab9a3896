// SPDX-License-Identifier: Apache-2.0
// Plans written from Debian packages: what `hab plan import deb NAME` puts into a directory of plans.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "build/deb_source.hpp"

namespace hab::build {

/// What a Debian package says of itself, and what its files tell.
struct DebFacts {
    std::string name = {};
    std::string description = {};  ///< first line
    std::string homepage = {};
    /// Depends and Pre-Depends: one item for each, with its alternatives in order, without versions
    /// and architectures.
    std::vector<std::vector<std::string>> depends = {};
    bool has_programs = false;
    bool has_libraries = false;
    bool has_headers = false;
    /// Another package that its documentation, and so its copyright, lies in; else empty.
    std::string notices_in = {};
};

/// From the control fields (`dpkg-deb -f`) and the list of files (`dpkg-deb -c`). Architectures in
/// brackets and build profiles do not occur there.
[[nodiscard]] DebFacts parse_deb_facts(std::string_view control, std::string_view contents);

/// Gives the facts of a Debian package; throws not_found if there is none of that name.
using DebReader = std::function<DebFacts(const std::string& name)>;

/// One plan to write: a directory name and the text of its plan.sh.
struct ImportedPlan {
    std::string name;
    std::string text;
};

/// Debian package -> the plan that is made of it, read from the scaffolding_deb_packages of the plans
/// in a directory. Plans without one are none of these.
[[nodiscard]] std::map<std::string, std::string> known_deb_plans(
    const std::filesystem::path& plans);

/// The plan of a Debian package and of each package it needs that no known plan has, the most basic
/// first. Packages that need each other share a plan. Throws not_found for a package or a dependency
/// that Debian does not have, conflict if `name` has a plan already.
[[nodiscard]] std::vector<ImportedPlan> import_deb(const std::string& name,
                                                   const std::map<std::string, std::string>& known,
                                                   const DebReader& read);

/// Reads with apt and dpkg-deb; downloads land in the deb source's own cache.
[[nodiscard]] DebReader deb_reader(DebSource& source);

}  // namespace hab::build
