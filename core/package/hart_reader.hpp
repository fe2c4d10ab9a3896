// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/files.hpp"
#include "package/artifact.hpp"
#include "package/ident.hpp"
#include "package/metafiles.hpp"
#include "package/target.hpp"

namespace hab::package {

/// What an artifact says about itself: its header and the metafiles in its payload. Nothing is
/// verified.
class HartInfo {
public:
    /// Reads the whole payload once (metafiles may be anywhere). Throws crypto for a bad header,
    /// invalid_input for a payload that is no archive or a metafile that is malformed.
    [[nodiscard]] static HartInfo read(const fs::path& path);

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] const ArtifactHeader& header() const noexcept { return header_; }
    [[nodiscard]] const Ident& ident() const noexcept { return ident_; }
    [[nodiscard]] const Target& target() const noexcept { return target_; }
    /// Trimmed content; empty if the package has no such file.
    [[nodiscard]] std::string metafile(std::string_view name) const;
    [[nodiscard]] std::vector<Ident> idents(std::string_view name) const;
    [[nodiscard]] bool is_service() const { return !metafile(metafile::svc_user).empty(); }

private:
    using Files = std::map<std::string, std::string, std::less<>>;
    HartInfo(fs::path path, ArtifactHeader header, Files files);
    fs::path path_;
    ArtifactHeader header_;
    Files files_;
    Ident ident_;
    Target target_;
};

/// The package an artifact claims to hold, from the first name in its payload; cheap. Nothing is
/// verified.
[[nodiscard]] Ident peek_ident(const fs::path& path);

}  // namespace hab::package
