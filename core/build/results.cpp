// SPDX-License-Identifier: Apache-2.0
#include "build/results.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/pending_file.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

std::string identity_lines(const package::Ident& ident) {
    return fmt::format("pkg_origin={}\npkg_name={}\npkg_version={}\npkg_release={}\n", ident.origin,
                       ident.name, ident.version, ident.release);
}

}  // namespace

Results::Results(fs::path dir, const fs::path& plan) : dir_(std::move(dir)) {
    struct stat info{};
    if (::stat(plan.c_str(), &info) != 0) {
        throw Error::from_errno(fmt::format("cannot look at the plan '{}'", plan.string()));
    }
    uid_ = info.st_uid;
    gid_ = info.st_gid;
    make_directories(dir_);
    give_away(dir_);
}

void Results::give_away(const fs::path& path) const noexcept {
    if (::geteuid() != 0) return;
    if (::lchown(path.c_str(), uid_, gid_) != 0) {
        log::warn("build", "cannot give '{}' to uid {}", path.string(), uid_);
    }
}

void Results::write_pre_build(const package::Ident& ident) const {
    const fs::path path = dir_ / "pre_build.env";
    write_file_atomic(path,
                      identity_lines(ident) + fmt::format("pkg_ident={}\n", ident.to_string()),
                      {.durable = false});
    give_away(path);
}

fs::path Results::finish(const package::Ident& ident, const package::Target& target,
                         const fs::path& artifact) const {
    const fs::path copy = dir_ / artifact.filename();
    copy_file_atomic(artifact, copy);
    give_away(copy);
    const fs::path report = dir_ / "last_build.env";
    write_file_atomic(
        report, identity_lines(ident) +
                    fmt::format("pkg_target={}\npkg_ident={}\npkg_artifact={}\npkg_sha256sum={}\n"
                                "pkg_blake2bsum={}\n",
                                target.name(), ident.to_string(), copy.filename().string(),
                                crypto::sha256_hex_of_file(copy.string()),
                                crypto::blake2b_hex_of_file(copy.string())));
    give_away(report);
    fs::remove(dir_ / "pre_build.env");
    return copy;
}

fs::path Results::log_path(const std::string& pkg_name, const std::string& stamp) const {
    const fs::path logs = dir_ / "logs";
    make_directories(logs);
    give_away(logs);
    return logs / fmt::format("{}.{}.log", pkg_name, stamp);
}

}  // namespace hab::build
