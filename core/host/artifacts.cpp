// SPDX-License-Identifier: Apache-2.0
// hab.artifact/1
#include "host/artifacts.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/hash.hpp"
#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {

void ArtifactList::add(Artifact artifact) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(artifact));
}

std::vector<Artifact> ArtifactList::all() const {
    const std::lock_guard lock(mutex_);
    return items_;
}

std::string results_env(std::string_view exporter, std::string_view ident,
                        const std::vector<Artifact>& artifacts) {
    std::string text =
        fmt::format("exporter={}\npkg_ident={}\n", shell_quote(exporter), shell_quote(ident));
    std::size_t number = 0;
    for (const Artifact& artifact : artifacts) {
        // The first is what a script wants; further ones get a number.
        const std::string suffix = number == 0 ? "" : fmt::format("_{}", number + 1);
        const std::string name = std::filesystem::path(artifact.path).filename().string();
        text += fmt::format("artifact{}={}\n", suffix, shell_quote(name));
        text += fmt::format("media_type{}={}\n", suffix, shell_quote(artifact.media_type));
        if (!artifact.digest.empty()) {
            text += fmt::format("digest{}={}\n", suffix, shell_quote(artifact.digest));
        }
        text += fmt::format("size{}={}\n", suffix, artifact.size);
        for (const auto& [key, value] : artifact.properties) {
            text += fmt::format("{}{}={}\n", key, suffix, shell_quote(value));
        }
        ++number;
    }
    return text;
}

namespace {

/// Keys become shell variables.
void require_name(std::string_view key) {
    bool good = !key.empty() && (key[0] < '0' || key[0] > '9');
    for (const char c : key) {
        good = good && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_');
    }
    if (!good) {
        throw Error(ErrorCode::usage,
                    fmt::format("'{}' cannot be the name of an artefact's property", key),
                    "use letters, digits and '_'");
    }
}

Artifact to_artifact(const hab_artifact& given) {
    Artifact artifact;
    artifact.path = text(given.path);
    artifact.media_type = text(given.media_type);
    artifact.digest = text(given.digest);
    artifact.role = text(given.role);
    artifact.size = given.size;
    for (std::size_t i = 0; i < given.property_count; ++i) {
        require_name(plugin::from_abi(given.properties[i].key));
        artifact.properties.emplace_back(text(given.properties[i].key),
                                         text(given.properties[i].value));
    }
    if (artifact.path.empty())
        throw Error(ErrorCode::usage, "an artefact without path was announced");
    if (!artifact.path.starts_with('/')) return artifact;  // a name, such as an image reference
    if (!fs::exists(artifact.path)) {
        throw Error(ErrorCode::not_found,
                    fmt::format("artefact '{}' was announced but does not exist", artifact.path));
    }
    if (!fs::is_regular_file(artifact.path)) return artifact;
    if (artifact.size == 0) artifact.size = fs::file_size(artifact.path);
    if (artifact.digest.empty()) {
        artifact.digest = "sha256:" + crypto::sha256_hex_of_file(artifact.path);
    }
    return artifact;
}

hab_status announce(const hab_host* host, const hab_artifact* raw, hab_error* error) noexcept {
    return plugin::guard_service(
        error, [&] { Context::of(host).state().artifacts().add(to_artifact(copy_covered(raw))); });
}

}  // namespace

const hab_artifact_service artifact_table = {sizeof(hab_artifact_service), announce};

}  // namespace hab::host
