// SPDX-License-Identifier: Apache-2.0
#include "package/deep_verify.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/hash.hpp"
#include "package/artifact.hpp"
#include "package/listing.hpp"
#include "package/origin_trust.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

/// By path; both are parts of the text that was read.
using Hashes = std::map<std::string_view, std::string_view>;

constexpr std::size_t hash_length = 64;
/// About 80,000 files; what is made of it needs some five times as much memory.
constexpr std::size_t max_list = std::size_t{8} << 20;
constexpr mode_t set_id_bits = S_ISUID | S_ISGID;
constexpr std::string_view reinstall_hint =
    "install the package again from a good artifact: hab pkg uninstall, then hab pkg install";

/// FILES from after its header on, after all checks of its signature.
std::string open_files(const InstalledPackage& package, const InstalledPackages& store,
                       const crypto::KeyCache& keys, crypto::KeyName& signer) {
    const fs::path path = package.dir() / metafile::files;
    auto text = read_file_if_exists(path, max_list);
    if (!text) {
        throw Error(ErrorCode::crypto,
                    fmt::format("cannot verify '{}': it has no FILES, the signed list of what is "
                                "in it",
                                package.ident().to_string()),
                    "packages older than version 0.7 and some made elsewhere have none; compare "
                    "it with its artifact: hab pkg diff");
    }
    const ArtifactHeader header = parse_artifact_header(*text, path.string());
    const std::string signed_hash = open_signature(header, keys, path.string());
    text->erase(0, header.length);
    require_same_hash(signed_hash, crypto::blake2b_hex(*text), path.string());
    if (header.key.name != package.ident().origin) {
        throw Error(ErrorCode::crypto,
                    fmt::format("'{}' is signed by the key '{}' of the origin '{}'", path.string(),
                                header.key.to_string(), header.key.name),
                    std::string(reinstall_hint));
    }
    (void)OriginTrust::from(store.paths()).check(keys.public_key(header.key));
    signer = header.key;
    return std::move(*text);
}

/// "<hash>  /hab/pkgs/o/n/v/r/<path>" lines.
Hashes parse_files(const InstalledPackage& package, std::string_view payload) {
    const std::string prefix = package.prefix() + "/";
    Hashes hashes;
    while (!payload.empty()) {
        const std::string_view line = payload.substr(0, payload.find('\n'));
        payload.remove_prefix(std::min(line.size() + 1, payload.size()));
        if (line.empty()) continue;
        const bool shaped = line.size() > hash_length + 2 && line.substr(hash_length, 2) == "  " &&
                            line.find_first_not_of("0123456789abcdef") == hash_length;
        if (!shaped || !line.substr(hash_length + 2).starts_with(prefix)) {
            throw Error(
                shaped ? ErrorCode::crypto : ErrorCode::invalid_input,
                shaped ? fmt::format("the FILES of '{}' is that of another package",
                                     package.ident().to_string())
                       : fmt::format("the FILES of '{}' has a line that is none: '{}'",
                                     package.ident().to_string(), printable(line.substr(0, 80))),
                std::string(reinstall_hint));
        }
        hashes.emplace(line.substr(hash_length + 2 + prefix.size()), line.substr(0, hash_length));
    }
    return hashes;
}

/// Written after FILES was: the list itself, the manifest (since 2.x), the install hook's result.
bool is_unlisted(std::string_view path) {
    return path == metafile::files || path == metafile::manifest ||
           path == metafile::install_hook_status;
}

std::string_view kind_of(mode_t mode) {
    if (S_ISREG(mode)) return "a file";
    if (S_ISDIR(mode)) return "a directory";
    return S_ISLNK(mode) ? "a link" : "a special file";
}

class Comparison {
public:
    Comparison(const Listing& there, DeepVerification& result) : there_(there), result_(result) {}

    void with_hashes(const Hashes& hashes) {
        for (const auto& [path, hash] : hashes) {
            std::string name(path);
            const auto found = there_.files.find(name);
            if (found == there_.files.end()) {
                add(FaultKind::missing, std::move(name));
            } else if (!S_ISREG(found->second.mode)) {
                add(FaultKind::changed, std::move(name),
                    fmt::format("{} instead of a file", kind_of(found->second.mode)));
            } else if (found->second.content != hash) {
                add(FaultKind::changed, std::move(name));
            }
        }
        for (const auto& [path, file] : there_.files) {
            if (S_ISDIR(file.mode) || hashes.contains(path) || is_unlisted(path)) continue;
            // Links are not in FILES; only the artifact knows which belong there.
            if (!S_ISLNK(file.mode)) add(FaultKind::added, path);
        }
    }

    void with_artifact(const Listing& artifact) {
        for (const auto& [path, wanted] : artifact.files) {
            const auto found = there_.files.find(path);
            if (found == there_.files.end()) {
                if (!S_ISREG(wanted.mode)) add(FaultKind::missing, path);
            } else {
                compare(path, wanted, found->second);
            }
        }
        for (const auto& [path, file] : there_.files) {
            if (!S_ISREG(file.mode) && !artifact.files.contains(path))
                add(FaultKind::added, path, std::string(kind_of(file.mode)));
        }
    }

private:
    void compare(const std::string& path, const ListedFile& wanted, const ListedFile& found) {
        if ((wanted.mode & S_IFMT) != (found.mode & S_IFMT)) {
            // Of files FILES has told already.
            if (!S_ISREG(wanted.mode))
                add(FaultKind::changed, path,
                    fmt::format("{} instead of {}", kind_of(found.mode), kind_of(wanted.mode)));
            return;
        }
        if (S_ISLNK(wanted.mode)) {
            if (wanted.content != found.content)
                add(FaultKind::changed, path,
                    fmt::format("leads to '{}' instead of '{}'", found.content, wanted.content));
            return;
        }
        mode_t wanted_bits = wanted.mode & 07777;
        mode_t found_bits = found.mode & 07777;
        // Only root may install set-id programs, and directories never are.
        if (S_ISDIR(wanted.mode) || ::geteuid() != 0) {
            wanted_bits &= ~set_id_bits;
            found_bits &= ~set_id_bits;
        }
        if (wanted_bits != found_bits)
            add(FaultKind::mode, path,
                fmt::format("{:04o} instead of {:04o}", found_bits, wanted_bits));
    }

    void add(FaultKind kind, std::string path, std::string detail = {}) {
        result_.faults.push_back({kind, std::move(path), std::move(detail)});
    }

    const Listing& there_;
    DeepVerification& result_;
};

}  // namespace

std::string_view to_string(FaultKind kind) noexcept {
    switch (kind) {
        case FaultKind::changed:
            return "changed";
        case FaultKind::missing:
            return "missing";
        case FaultKind::added:
            return "added";
        case FaultKind::mode:
            return "mode";
    }
    return "fault";
}

DeepVerification verify_deep(const InstalledPackage& package, const InstalledPackages& store,
                             const crypto::KeyCache& keys) {
    DeepVerification result;
    const std::string list = open_files(package, store, keys, result.signer);
    const Hashes hashes = parse_files(package, list);
    const Listing there = list_installed(package);
    result.files = hashes.size();
    for (const auto& [path, file] : there.files)
        result.bytes += file.size;
    Comparison comparison(there, result);
    comparison.with_hashes(hashes);
    const fs::path artifact =
        store.paths().artifact_cache() / package.ident().archive_name(store.target());
    if (fs::exists(artifact)) {
        try {
            comparison.with_artifact(list_verified_artifact(artifact, keys));
            result.with_artifact = true;
        } catch (const Error& error) {  // says nothing of the installed tree
            result.artifact_problem = error.message();
        }
    }
    std::sort(result.faults.begin(), result.faults.end(), [](const Fault& a, const Fault& b) {
        return std::tie(a.path, a.kind, a.detail) < std::tie(b.path, b.kind, b.detail);
    });
    return result;
}

}  // namespace hab::package
