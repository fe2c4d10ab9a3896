// SPDX-License-Identifier: Apache-2.0
#include "build/sources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "build/deb_source.hpp"
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
                           const std::string& sha256) {
    const fs::path target = path_of(cache_, name);
    make_directories(target.parent_path());
    std::error_code none;
    const bool local = url.starts_with("file:");
    // apt keeps its own cache and knows what is current; local files cost nothing to copy again.
    if (fs::is_regular_file(target, none) && !is_deb_source(url) && !(local && sha256.empty())) {
        if (sha256.empty() || has_hash(target, sha256)) return last_part(url);
    }
    std::string their_name = transfer(url, target);
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

std::string Sources::transfer(const std::string& url, const fs::path& target) {
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
        "use https://, http://, file:///path or deb:NAME, or replace do_download in the plan");
}

void Sources::download(const std::string& url, const fs::path& target) {
    if (!http_) http_ = net::open_http_client();
    const std::string label = target.filename().string();
    net::DownloadOptions options;
    options.on_progress = [&](const net::HttpProgress& progress) {
        terminal_.progress(label, progress.received, progress.total, true);
        return true;
    };
    net::download_file(*http_, url, target, options);
    terminal_.progress_end();
}

void Sources::copy_to(const std::string& name, const fs::path& dir) const {
    const fs::path target = path_of(dir, name);
    make_directories(target.parent_path());
    copy_file_atomic(path_of(cache_, name), target, false);
}

void verify_source(const fs::path& dir, const std::string& name, const std::string& sha256) {
    const fs::path file = path_of(dir, name);
    if (sha256.empty()) {
        throw Error(
            ErrorCode::usage, fmt::format("there is no SHA-256 to verify '{}' with", name),
            "set pkg_shasum in the plan, or replace do_verify if the source cannot have one");
    }
    if (has_hash(file, sha256)) return;
    throw Error(ErrorCode::crypto,
                fmt::format("'{}' has the SHA-256 {}, not {} as the plan says", name,
                            crypto::sha256_hex_of_file(file.string()), to_lower(sha256)),
                fmt::format("remove '{}' to download it again", file.string()));
}

}  // namespace hab::build
