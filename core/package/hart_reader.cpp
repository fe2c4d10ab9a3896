// SPDX-License-Identifier: Apache-2.0
#include "package/hart_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/archive_module.hpp"
#include "package/payload_reader.hpp"

namespace hab::package {
namespace {

/// Last part of "hab/pkgs/o/n/v/r/NAME" (also below "opt/", as macOS builds write), empty for other
/// names.
std::string_view metafile_name(std::string_view member) {
    if (member.starts_with('/')) member.remove_prefix(1);
    if (member.starts_with("opt/")) member.remove_prefix(4);
    const auto parts = split(member, '/');
    return parts.size() == 7 && parts[0] == "hab" && parts[1] == "pkgs" ? parts[6]
                                                                        : std::string_view{};
}

constexpr std::string_view known[] = {metafile::ident,           metafile::target,
                                      metafile::package_type,    metafile::deps,
                                      metafile::tdeps,           metafile::build_deps,
                                      metafile::build_tdeps,     metafile::path,
                                      metafile::exposes,         metafile::svc_user,
                                      metafile::svc_group,       metafile::cflags,
                                      metafile::ldflags,         metafile::ld_run_path,
                                      metafile::manifest,        metafile::default_toml,
                                      metafile::template_engine, metafile::template_mode,
                                      metafile::template_strict, metafile::plugins,
                                      metafile::exports,         metafile::binds,
                                      metafile::binds_optional};

bool is_known(std::string_view name) {
    for (const std::string_view candidate : known) {
        if (candidate == name) return true;
    }
    return false;
}

/// Of all metafiles together, those that a later one of the same name replaces included.
constexpr std::uint64_t max_total = 8u << 20;

[[noreturn]] void malformed(const fs::path& path, std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' is not a package: {}", path.string(), why),
                "the file is damaged or was built wrongly: fetch or build it again");
}

}  // namespace

HartInfo::HartInfo(fs::path path, ArtifactHeader header, Files files)
    : path_(std::move(path)),
      header_(std::move(header)),
      files_(std::move(files)),
      target_(Target::parse(metafile(metafile::target))) {
    const auto ident = Ident::try_parse(metafile(metafile::ident));
    if (!ident || !ident->fully_qualified()) malformed(path_, "its IDENT is not fully qualified");
    ident_ = *ident;
}

HartInfo HartInfo::read(const fs::path& path) {
    const UniqueFd fd = open_artifact(path);
    ArtifactHeader header = read_artifact_header(fd.get(), path.string());
    PayloadReader payload(fd.get(), header.length, path.string());
    Files files;
    std::uint64_t total = 0;
    ArchiveModule::Scan scan;
    scan.wants = [&](const std::string& name, std::uint64_t size) {
        if (!is_known(metafile_name(name))) return false;
        total += size;
        if (size > max_metafile_size || total > max_total) {
            malformed(path, fmt::format("its {} is too large", metafile_name(name)));
        }
        return true;
    };
    scan.take = [&](const std::string& name, std::string content) {
        const auto metafile = metafile_name(name);
        if (!is_utf8(content)) malformed(path, fmt::format("its {} is not valid UTF-8", metafile));
        files.insert_or_assign(std::string(metafile), std::string(trim(content)));
    };
    archive_module().scan(payload.source(), path.string(), scan);
    for (const std::string_view needed : {metafile::ident, metafile::target}) {
        if (!files.contains(needed)) malformed(path, fmt::format("there is no {} in it", needed));
    }
    return HartInfo(path, std::move(header), std::move(files));
}

std::string HartInfo::metafile(std::string_view name) const {
    const auto it = files_.find(name);
    return it == files_.end() ? std::string() : it->second;
}

std::vector<Ident> HartInfo::idents(std::string_view name) const {
    return parse_ident_lines(metafile(name), fmt::format("the {} of '{}'", name, path_.string()));
}

Ident peek_ident(const fs::path& path) {
    const UniqueFd fd = open_artifact(path);
    const ArtifactHeader header = read_artifact_header(fd.get(), path.string());
    PayloadReader payload(fd.get(), header.length, path.string());
    const std::string name = archive_module().first_prefix(payload.source(), path.string());
    const auto parts = split(name, '/');
    if (parts.size() < 6 || parts[0] != "hab" || parts[1] != "pkgs") {
        malformed(path, "there is nothing below hab/pkgs in it");
    }
    auto ident =
        Ident::try_parse(fmt::format("{}/{}/{}/{}", parts[2], parts[3], parts[4], parts[5]));
    if (!ident) malformed(path, fmt::format("'{}' is not the directory of a package", name));
    return std::move(*ident);
}

}  // namespace hab::package
