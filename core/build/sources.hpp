// SPDX-License-Identifier: Apache-2.0
// Downloads for plans: http(s), file, git, deb and deb-src sources into a cache directory, with their
// hashes.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/files.hpp"
#include "base/terminal.hpp"
#include "base/unique_fd.hpp"
#include "net/http_client.hpp"

namespace hab::build {

/// Not thread-safe.
class Sources {
public:
    /// `cache` is the host's source cache; `hab_cache` is where deb sources keep their state.
    Sources(fs::path cache, fs::path hab_cache, Terminal& terminal);
    ~Sources();

    /// Asked while a download is under way, even if nothing arrives: true ends it with
    /// Error(cancelled).
    void cancel_when(std::function<bool()> cancelled) { cancelled_ = std::move(cancelled); }
    /// Keeps `hab pkg gc` away from the cache for as long as this object lives; creates the cache.
    /// Throws io, denied.
    void lock_cache();
    /// Makes cache/name hold the content of `url`. A file that is there is kept if it has the hash;
    /// without a hash a downloaded file is kept as it is, a local one is copied again. Returns the
    /// name the source itself has for it. Throws crypto when the downloaded bytes have another hash
    /// (they are removed), usage for URLs and names that cannot be, and what the transports throw.
    /// `top` is the one directory in what is made from a git or deb-src source.
    std::string fetch(const std::string& url, const std::string& name, const std::string& sha256,
                      const std::string& top);
    /// Whether a file came, in this process, from a source that proves its own content: Debian's
    /// signed lists, a git commit.
    [[nodiscard]] bool is_proven(const std::string& name) const { return proven_.contains(name); }
    /// Copies cache/name to the same name below another directory, which a plan may write: links
    /// in it are replaced, never followed.
    void copy_to(const std::string& name, const fs::path& dir) const;
    [[nodiscard]] const fs::path& cache() const noexcept { return cache_; }

private:
    std::string transfer(const std::string& url, const fs::path& target, const std::string& top);
    void download(const std::string& url, const fs::path& target);

    UniqueFd lock_;
    fs::path cache_;
    fs::path hab_cache_;
    std::set<std::string> proven_;
    std::function<bool()> cancelled_;
    Terminal& terminal_;
    std::unique_ptr<net::HttpClient> http_;
};

/// Throws crypto if dir/name has another SHA-256 (any case), usage for an empty one, invalid_input
/// for what is no file or, with `confined`, where a link leads out of `dir`.
void verify_source(const fs::path& dir, bool confined, const std::string& name,
                   const std::string& sha256);

}  // namespace hab::build
