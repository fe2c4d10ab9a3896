// SPDX-License-Identifier: Apache-2.0
#include "build/sources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "base/error.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "build/deb_source.hpp"
#include "build/git_source.hpp"
#include "build/tree_dir.hpp"
#include "crypto/hash.hpp"
#include "net/download.hpp"

namespace hab::build {
namespace {

bool has_hash(const fs::path& file, const std::string& sha256) {
    return crypto::sha256_hex_of_file(file.string()) == to_lower(sha256);
}

fs::path path_of(const fs::path& dir, const std::string& name) {
    try {
        return safe_join(dir, name);
    } catch (const Error& error) {
        throw error.in("cannot use the file name of a source");
    }
}

/// How long a server may send nothing: HAB_DOWNLOAD_TIMEOUT in seconds.
std::chrono::seconds stall_timeout() {
    constexpr std::uint64_t usual = 60;
    const char* text = std::getenv("HAB_DOWNLOAD_TIMEOUT");
    if (text == nullptr || *text == '\0') return std::chrono::seconds(usual);
    const auto seconds = parse_u64(text);
    if (!seconds || *seconds < 1 || *seconds > 86400) {
        throw Error(ErrorCode::usage,
                    fmt::format("HAB_DOWNLOAD_TIMEOUT is '{}', not a number of seconds", text),
                    "give 1 to 86400");
    }
    return std::chrono::seconds(*seconds);
}

/// pkg_dirname may have several parts; archives get the first one, as unpacking them needs it.
std::string directory_name(const std::string& dirname) {
    const std::string first = dirname.substr(0, dirname.find('/'));
    if (!first.empty() && first != "." && first != ".." && first.front() != '-') return first;
    throw Error(ErrorCode::usage,
                fmt::format("pkg_dirname '{}' cannot be the directory of an archive", dirname),
                "leave pkg_dirname out, or give a plain name");
}

std::string last_part(const std::string& url) {
    return url.substr(url.rfind('/') + 1);
}

}  // namespace

Sources::Sources(fs::path cache, fs::path hab_cache, Terminal& terminal)
    : cache_(std::move(cache)), hab_cache_(std::move(hab_cache)), terminal_(terminal) {}

Sources::~Sources() = default;

void Sources::lock_cache() {
    if (lock_) return;
    make_directories(cache_);
    lock_ = open_file(cache_, O_RDONLY | O_DIRECTORY);
    // Shared: builds do not wait for each other. Who collects garbage holds it alone for a moment.
    if (::flock(lock_.get(), LOCK_SH) != 0)
        throw Error::from_errno(fmt::format("cannot lock '{}'", cache_.string()));
}

std::string Sources::fetch(const std::string& url, const std::string& name,
                           const std::string& sha256, const std::string& top) {
    const fs::path target = path_of(cache_, name);
    make_directories(target.parent_path());
    std::error_code none;
    const bool local = url.starts_with("file:");
    const bool deb = is_deb_source(url) || is_deb_src_source(url);
    const bool git = is_git_source(url);
    if (git && sha256.empty() && !parse_git_source(url).is_pinned()) {
        throw Error(ErrorCode::usage,
                    fmt::format("'{}' does not say which commit: what it names can change", url),
                    "give the full commit id after '#', or the pkg_shasum of the archive");
    }
    // apt and git keep their own caches and know what is current; local files cost nothing to copy
    // again.
    const bool kept_by_name = !deb && !((local || git) && sha256.empty());
    if (fs::is_regular_file(target, none) && kept_by_name) {
        if (sha256.empty() || has_hash(target, sha256)) return last_part(url);
    }
    std::string their_name = transfer(url, target, top);
    if (deb || git) proven_.insert(name);
    if (!sha256.empty() && !has_hash(target, sha256)) {
        const std::string got = crypto::sha256_hex_of_file(target.string());
        ::unlink(target.c_str());
        throw Error(ErrorCode::crypto,
                    fmt::format("'{}' has the SHA-256 {}, not {} as the plan says", url, got,
                                to_lower(sha256)),
                    "find out why the source has changed before you correct pkg_shasum");
    }
    return their_name;
}

std::string Sources::transfer(const std::string& url, const fs::path& target,
                              const std::string& top) {
    if (is_deb_src_source(url)) {
        DebSourceOptions options = DebSourceOptions::from_environment(hab_cache_);
        options.state_dir += "-src";  // its lists are another several ten MB, for who needs them
        const DebSpec spec = parse_deb_src_source(url);
        return DebSource(std::move(options)).fetch_source(spec, directory_name(top), target);
    }
    if (is_git_source(url)) {
        GitSource(hab_cache_ / "git", sandbox::current_environment(), cancelled_)
            .fetch(parse_git_source(url), directory_name(top), target);
        return target.filename().string();
    }
    if (is_deb_source(url)) {
        DebSource source(DebSourceOptions::from_environment(hab_cache_));
        return source.fetch(parse_deb_source(url), target);
    }
    if (url.starts_with("file://")) {
        copy_file_atomic(url.substr(7), target, false);
        return last_part(url);
    }
    if (url.starts_with("http://") || url.starts_with("https://")) {
        download(url, target);
        return last_part(url);
    }
    throw Error(
        ErrorCode::unsupported, fmt::format("cannot download '{}': unknown kind of source", url),
        "use https://, http://, file:///path, git+https://…#COMMIT, deb:NAME or deb-src:NAME, or "
        "replace do_download in the plan");
}

void Sources::download(const std::string& url, const fs::path& target) {
    if (!http_) http_ = net::open_http_client();
    const std::string label = target.filename().string();
    net::DownloadOptions options;
    options.stall_timeout = stall_timeout();
    options.on_progress = [&](const net::HttpProgress& progress) {
        terminal_.progress(label, progress.received, progress.total, true);
        return !cancelled_ || !cancelled_();
    };
    const std::uint64_t size = net::download_file(*http_, url, target, options);
    terminal_.progress(label, size, size, true);
    terminal_.progress_end();
}

void Sources::copy_to(const std::string& name, const fs::path& dir) const {
    const fs::path from = path_of(cache_, name);
    const fs::path below = from.lexically_relative(cache_);
    TreeDir target(dir);
    for (const fs::path& part : below.parent_path())
        target = target.enter(part.string());
    const UniqueFd file = open_file(from, O_RDONLY);
    struct stat info{};
    if (::fstat(file.get(), &info) != 0)
        throw Error::from_errno(fmt::format("cannot look at '{}'", from.string()));
    target.copy_in(below.filename().string(), file.get(), info.st_mode & 0777);
}

void verify_source(const fs::path& dir, bool confined, const std::string& name,
                   const std::string& sha256) {
    const fs::path file = path_of(dir, name);
    if (sha256.empty()) {
        throw Error(
            ErrorCode::usage, fmt::format("there is no SHA-256 to verify '{}' with", name),
            "set pkg_shasum in the plan, or replace do_verify if the source cannot have one");
    }
    const UniqueFd opened = SourceTree(dir, confined).open_regular(file.lexically_relative(dir));
    // What was opened is hashed, whatever has that name by now.
    const std::string got =
        crypto::sha256_hex_of_file(fmt::format("/proc/self/fd/{}", opened.get()));
    if (got == to_lower(sha256)) return;
    throw Error(ErrorCode::crypto,
                fmt::format("'{}' has the SHA-256 {}, not {} as the plan says", name, got,
                            to_lower(sha256)),
                fmt::format("remove '{}' to download it again", file.string()));
}

}  // namespace hab::build
