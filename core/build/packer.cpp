// SPDX-License-Identifier: Apache-2.0
#include "build/packer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/strings.hpp"
#include "build/build_error.hpp"
#include "build/files_list.hpp"
#include "package/artifact.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"

namespace hab::build {
namespace {

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(fs::symlink_status(path, error));
}

void look_at_tree(PackageFacts& facts, const fs::path& tree) {
    facts.has_run_script = is_file(tree / "hooks" / "run") || is_file(tree / "run");
    for (const char* dir : {"lib/pkgconfig", "share/pkgconfig"}) {
        std::error_code error;
        if (fs::is_directory(tree / dir, error)) facts.pkg_config_dirs.emplace_back(dir);
    }
    if (is_file(tree / "default.toml")) facts.default_toml = read_file(tree / "default.toml");
}

/// A link of that name would make the write go elsewhere, possibly out of the studio.
void write_one(const fs::path& tree, std::string_view name, std::string_view content) {
    const fs::path path = tree / name;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        throw Error::from_errno(fmt::format("cannot replace '{}'", path.string()));
    }
    package::write_metafile(tree, name, content);
}

/// TARGET makes the tree a package for every reader: after a power cut it must not be there without
/// the rest.
void sync_file_system(const fs::path& tree) {
    const UniqueFd fd = open_file(tree, O_RDONLY | O_DIRECTORY);
    if (::syncfs(fd.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot write '{}' to disk", tree.string()));
    }
}

std::map<std::string, std::string> with_newlines(std::map<std::string, std::string> files) {
    for (auto& [name, content] : files)
        content += '\n';
    return files;
}

package::HartWriteOptions write_options(const PlanValues& plan,
                                        const package::CompressionChoice& compression,
                                        Interrupts& interrupts) {
    package::HartWriteOptions options;
    options.compression = compression;
    if (const auto seconds = parse_u64(plan.text("SOURCE_DATE_EPOCH"))) {
        options.newest_mtime = WallTime(std::chrono::seconds(*seconds));
    }
    options.progress = [&interrupts](std::uint64_t) { interrupts.check(); };
    return options;
}

}  // namespace

fs::path checked_tree(const fs::path& pkgs, const package::Ident& ident) {
    fs::path tree = pkgs;
    for (const std::string& part : {ident.origin, ident.name, ident.version, ident.release}) {
        tree /= part;
        std::error_code error;
        if (!fs::is_directory(fs::symlink_status(tree, error))) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("cannot pack {}: '{}' is not a directory", ident.to_string(),
                                    tree.string()),
                        "do_install must put the package's files into $pkg_prefix");
        }
    }
    return tree;
}

fs::path pack_package(PackageFacts facts, const fs::path& tree, const crypto::KeyCache& keys,
                      const fs::path& artifacts, const package::CompressionChoice& compression,
                      Interrupts& interrupts) {
    const crypto::SigningSecretKey key = keys.latest_secret_key(facts.ident.origin);
    look_at_tree(facts, tree);
    for (const std::string_view old : {"FILES", "MANIFEST", "TARGET"})
        ::unlink((tree / old).c_str());
    std::map<std::string, std::string> files = metafile_contents(facts);
    for (const auto& [name, content] : files) {
        if (name != package::metafile::target) write_one(tree, name, content);
    }
    const std::string target = files.at(std::string(package::metafile::target));
    const std::string list = files_list(tree, facts.prefix(), with_newlines({{"TARGET", target}}));
    write_file_atomic(tree / package::metafile::files, package::sign_text(list, key),
                      {.durable = false});
    write_one(tree, package::metafile::manifest, manifest_text(facts));
    sync_file_system(tree);
    write_one(tree, package::metafile::target, target);
    make_directories(artifacts);
    const fs::path artifact = artifacts / facts.ident.archive_name(facts.target);
    return package::write_hart(tree, facts.ident, key, artifact,
                               write_options(facts.plan, compression, interrupts))
        .path;
}

}  // namespace hab::build
