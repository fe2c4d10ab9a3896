// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/files.hpp"
#include "package/ident.hpp"
#include "package/target.hpp"

namespace hab::build {

/// The results directory: copies of artifacts, last_build.env, pre_build.env, logs. Everything in
/// it gets the owner of plan.sh, where that is possible.
class Results {
public:
    /// Makes the directory. `plan` is the plan.sh whose owner counts.
    Results(fs::path dir, const fs::path& plan);

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }
    /// Its presence after a build means that the build failed.
    void write_pre_build(const package::Ident& ident) const;
    /// Copies the artifact, writes last_build.env (shell-sourceable) and removes pre_build.env.
    /// Returns the copy's path.
    fs::path finish(const package::Ident& ident, const package::Target& target,
                    const fs::path& artifact) const;
    /// Path for a new log, its directory made.
    [[nodiscard]] fs::path log_path(const std::string& pkg_name, const std::string& stamp) const;
    /// Gives a file to the owner of plan.sh, best effort.
    void give_away(const fs::path& path) const noexcept;

private:
    fs::path dir_;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
};

}  // namespace hab::build
