// SPDX-License-Identifier: Apache-2.0
// Where things live: every path of the on-disk layout, in one place.
#pragma once

#include <filesystem>
#include <string_view>

namespace hab {

/// The directory layout below one file-system root. FS_ROOT (environment) re-roots everything, as
/// upstream. Copyable, immutable.
class Paths {
public:
    /// `root` is the file-system root, normally "/".
    explicit Paths(std::filesystem::path root = "/");
    /// From FS_ROOT, or "/" when it is unset or empty.
    [[nodiscard]] static Paths from_environment();

    [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
    [[nodiscard]] std::filesystem::path hab() const { return root_ / "hab"; }
    [[nodiscard]] std::filesystem::path pkgs() const { return hab() / "pkgs"; }
    /// /hab/cache for root, ~/.hab/cache for others.
    [[nodiscard]] std::filesystem::path cache() const;
    /// HAB_CACHE_KEY_PATH, else cache()/keys.
    [[nodiscard]] std::filesystem::path key_cache() const;
    [[nodiscard]] std::filesystem::path artifact_cache() const { return cache() / "artifacts"; }
    [[nodiscard]] std::filesystem::path source_cache() const { return cache() / "src"; }
    [[nodiscard]] std::filesystem::path studios() const;
    [[nodiscard]] std::filesystem::path svc(std::string_view service) const {
        return hab() / "svc" / service;
    }
    [[nodiscard]] std::filesystem::path user_config(std::string_view service) const {
        return hab() / "user" / service / "config" / "user.toml";
    }
    /// State of the (only) supervisor: /hab/sup/default.
    [[nodiscard]] std::filesystem::path sup() const { return hab() / "sup" / "default"; }
    [[nodiscard]] std::filesystem::path launcher() const { return hab() / "launcher"; }
    /// /hab/etc for root, ~/.hab/etc for others.
    [[nodiscard]] std::filesystem::path etc() const;

private:
    [[nodiscard]] std::filesystem::path own(std::string_view name) const;
    std::filesystem::path root_;
};

/// Directory of the running program's installation: the parent of the directory it lies in
/// (…/bin/hab -> …; …/libexec/hab/hab-sup -> …). Same answer in the build tree and when installed.
[[nodiscard]] std::filesystem::path install_prefix();

}  // namespace hab
