// SPDX-License-Identifier: Apache-2.0
// Debian source packages: fetched by apt, unpacked by dpkg-source, handed on as one tar file.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "build/deb_source.hpp"
#include "crypto/hash.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

/// Output of a tool that must succeed.
std::string run_tool(const std::vector<std::string>& argv, const sandbox::Environment& env,
                     const fs::path& cwd) {
    sandbox::Spec spec;
    spec.argv = argv;
    spec.env = env;
    spec.env["LC_ALL"] = "C";
    spec.env["TZ"] = "UTC";
    spec.cwd = cwd;
    spec.umask = 022;
    sandbox::Captured done;
    try {
        done = sandbox::run_captured(std::move(spec));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        throw Error(ErrorCode::unsupported,
                    fmt::format("cannot unpack a Debian source package: there is no {}", argv[0]),
                    "on Debian, install dpkg-dev");
    }
    if (done.result.status.exit_code == 0) return std::move(done.out);
    throw Error(ErrorCode::failed,
                fmt::format("cannot unpack a Debian source package: {} says: {}", argv[0],
                            AptResult{0, "", done.err}.reason()),
                "remove the deb-src directory of hab's cache to fetch it again");
}

}  // namespace

std::string DebSource::fetch_source(const DebSpec& spec, const std::string& top,
                                    const fs::path& destination) {
    const AptState state{options_.state_dir};
    make_directories(state.dir);
    const UniqueFd lock = lock_state(state);
    prepare(AptKind::source);
    const std::vector<DebFile> files = obtain_source(spec);
    const auto dsc = std::find_if(files.begin(), files.end(), [](const DebFile& file) {
        return file.file_name.ends_with(".dsc");
    });
    pack_tree(state.archives() / dsc->file_name, top, destination);
    return dsc->file_name;
}

std::vector<DebFile> DebSource::locate_source(const DebSpec& spec) const {
    const AptState state{options_.state_dir};
    const auto result = run_apt_get(
        state, options_.env, {"source", "--only-source", "--print-uris", spec.text()}, state.dir);
    std::vector<DebFile> files;
    if (result.exit_code == 0) files = parse_source_uris(result.out);
    const bool complete = std::any_of(files.begin(), files.end(), [](const DebFile& file) {
        return file.file_name.ends_with(".dsc");
    });
    if (!complete) files.clear();
    return files;
}

std::vector<DebFile> DebSource::obtain_source(const DebSpec& spec) const {
    const auto here = [&](const std::vector<DebFile>& files) {
        return std::all_of(files.begin(), files.end(),
                           [&](const DebFile& file) { return is_cached(file); });
    };
    std::vector<DebFile> files = locate_source(spec);
    if (files.empty()) {
        refresh_lists();  // they may be older than the package
        files = locate_source(spec);
    }
    if (files.empty()) {
        throw Error(ErrorCode::not_found,
                    fmt::format("cannot fetch the Debian source package '{}': the machine's "
                                "package sources do not have it",
                                spec.text()),
                    "give the name of a source package (zlib, not zlib1g), and check the version");
    }
    if (!here(files)) download_source(spec, files);
    return files;
}

void DebSource::download_source(const DebSpec& spec, const std::vector<DebFile>& files) const {
    const AptState state{options_.state_dir};
    const TempDir temp("fetch-", state.archives());
    const auto result =
        run_apt_get(state, options_.env,
                    {"source", "--only-source", "--download-only", spec.text()}, temp.path());
    if (result.exit_code != 0) {
        throw Error(ErrorCode::io,
                    fmt::format("cannot fetch the Debian source package '{}': {}", spec.text(),
                                result.reason()),
                    "check the network and the machine's package sources with 'apt-get update'");
    }
    for (const DebFile& file : files) {
        rename_path(temp.path() / file.file_name, state.archives() / file.file_name);
        if (is_cached(file)) continue;
        fs::remove(state.archives() / file.file_name);
        throw Error(ErrorCode::crypto,
                    fmt::format("'{}' of the Debian source package '{}' is not what the package "
                                "lists say: its size or SHA-256 differs",
                                file.file_name, spec.text()),
                    "try again; if it stays, the mirror or a proxy between is broken");
    }
}

/// All times are that of the newest change that Debian made: patched files would have the time of
/// the unpacking, and files that are older than what they are made from would be made again.
void DebSource::pack_tree(const fs::path& dsc, const std::string& top,
                          const fs::path& destination) const {
    const TempDir temp("unpack-", AptState{options_.state_dir}.archives());
    const fs::path tree = temp.path() / "tree";
    // apt has verified the files; dpkg-source would want Debian's keys once more.
    run_tool({"dpkg-source", "--no-check", "-x", dsc.string(), tree.string()}, options_.env,
             temp.path());
    const std::string date(trim(run_tool(
        {"dpkg-parsechangelog", "-l", (tree / "debian/changelog").string(), "-S", "Timestamp"},
        options_.env, temp.path())));
    const fs::path inside = temp.path() / "top" / top;
    make_directories(inside.parent_path());
    rename_path(tree, inside);
    const fs::path tar = temp.path() / "out.tar";
    run_tool({"tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@" + date,
              "--format=gnu", "-cf", tar.string(), "-C", (temp.path() / "top").string(), "--", top},
             options_.env, temp.path());
    copy_file_atomic(tar, destination, false);
}

}  // namespace hab::build
