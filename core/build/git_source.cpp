// SPDX-License-Identifier: Apache-2.0
#include "build/git_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "crypto/hash.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

constexpr std::string_view scheme = "git+";
/// What was fetched last; archives are made from it.
constexpr const char* fetched = "refs/hab/fetched";

/// What `git rev-parse --local-env-vars` lists: whoever calls hab from a git hook has them set for
/// another repository. Settings (GIT_CONFIG_*) stay: they may hold credentials.
constexpr std::array repository_variables = {"GIT_DIR",
                                             "GIT_WORK_TREE",
                                             "GIT_IMPLICIT_WORK_TREE",
                                             "GIT_INDEX_FILE",
                                             "GIT_COMMON_DIR",
                                             "GIT_OBJECT_DIRECTORY",
                                             "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                             "GIT_GRAFT_FILE",
                                             "GIT_SHALLOW_FILE",
                                             "GIT_NO_REPLACE_OBJECTS",
                                             "GIT_REPLACE_REF_BASE",
                                             "GIT_PREFIX",
                                             "GIT_INTERNAL_SUPER_PREFIX"};

bool is_revision(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("._/+-").find(c) != std::string_view::npos;
           });
}

std::string last_line(const std::string& text) {
    std::string last = "no message";
    for (const auto line : split(text, '\n')) {
        if (!trim(line).empty()) last = trim(line);
    }
    return last;
}

Error no_revision(const GitSpec& spec) {
    return {ErrorCode::not_found, fmt::format("'{}' has no revision '{}'", spec.url, spec.revision),
            "give a commit that is part of a branch or tag"};
}

}  // namespace

bool GitSpec::is_pinned() const noexcept {
    return (revision.size() == 40 || revision.size() == 64) &&
           revision.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_git_source(std::string_view source) noexcept {
    return source.starts_with(scheme);
}

GitSpec parse_git_source(std::string_view source) {
    const std::size_t hash = source.rfind('#');
    GitSpec spec;
    if (is_git_source(source) && hash != source.npos) {
        spec.url = source.substr(scheme.size(), hash - scheme.size());
        spec.revision = source.substr(hash + 1);
    }
    static constexpr std::array schemes = {"https://", "http://", "ssh://", "git://", "file:///"};
    const bool known = std::any_of(schemes.begin(), schemes.end(),
                                   [&](const char* each) { return spec.url.starts_with(each); });
    if (known && is_revision(spec.revision)) return spec;
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("'{}' does not name a revision of a git repository", source),
        "write git+URL#COMMIT, for example git+https://host/repository.git#<40 hex digits>");
}

GitSource::Result GitSource::git(const fs::path& repository, std::vector<std::string> words) const {
    sandbox::Spec spec;
    spec.argv = {"git", "-C", repository.string(), "-c", "tar.umask=0022"};
    spec.argv.insert(spec.argv.end(), words.begin(), words.end());
    spec.env = env_;
    spec.env["LC_ALL"] = "C";
    spec.env["GIT_TERMINAL_PROMPT"] = "0";
    // No question about a host or a key either.
    if (!spec.env.contains("GIT_SSH"))
        spec.env.try_emplace("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
    for (const char* name : repository_variables)
        spec.env.erase(name);
    spec.cwd = repository;
    try {
        sandbox::RunOptions options;
        options.cancelled = cancelled_;
        auto done = sandbox::run_captured(std::move(spec), std::move(options));
        if (done.result.was_cancelled)
            throw Error(ErrorCode::cancelled, "git was ended because the build was interrupted");
        return {done.result.status.exit_code, std::move(done.out), std::move(done.err)};
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        throw Error(ErrorCode::unsupported, "cannot fetch a git source: there is no git here",
                    "install git; it runs outside the studio");
    }
}

void GitSource::update(const fs::path& repository, const GitSpec& spec) const {
    // Servers may refuse to send a lone commit; then everything is asked for.
    const std::string one = fmt::format("+{}:{}", spec.revision, fetched);
    if (git(repository, {"fetch", "--quiet", "--no-tags", "--depth", "1", spec.url, one})
            .exit_code == 0) {
        return;
    }
    const Result all =
        git(repository, {"fetch", "--quiet", "--no-tags", spec.url,
                         "+refs/heads/*:refs/hab/heads/*", "+refs/tags/*:refs/hab/tags/*"});
    if (all.exit_code != 0) {
        throw Error(ErrorCode::io,
                    fmt::format("cannot fetch '{}': {}", spec.url, last_line(all.err)),
                    "check the address and the network; credentials are git's own");
    }
    if (git(repository, {"update-ref", fetched, spec.revision + "^{commit}"}).exit_code != 0)
        throw no_revision(spec);
}

UniqueFd GitSource::lock(const fs::path& repository) const {
    UniqueFd fd = open_file(repository, O_RDONLY | O_DIRECTORY);
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            throw Error::from_errno(fmt::format("cannot lock '{}'", repository.string()));
        if (cancelled_ && cancelled_())
            throw Error(ErrorCode::cancelled,
                        fmt::format("waiting for '{}' was interrupted", repository.string()));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fd;
}

void GitSource::fetch(const GitSpec& spec, const std::string& top,
                      const fs::path& destination) const {
    const fs::path repository = dir_ / crypto::blake2b_hex(spec.url).substr(0, 32);
    make_directories(repository);
    // One name in it says what was fetched last.
    const UniqueFd held = lock(repository);
    if (git(repository, {"init", "--quiet", "--bare"}).exit_code != 0) {
        throw Error(ErrorCode::io,
                    fmt::format("cannot make a repository in '{}'", repository.string()));
    }
    std::string commit = spec.revision + "^{commit}";
    if (!spec.is_pinned() || git(repository, {"cat-file", "-e", commit}).exit_code != 0) {
        update(repository, spec);
        if (!spec.is_pinned()) commit = fetched;
        // A branch may look like a commit: the server's word for what it sent is not enough.
        if (git(repository, {"cat-file", "-e", commit}).exit_code != 0) throw no_revision(spec);
    }
    const TempDir temp("archive-", dir_);
    const fs::path tar = temp.path() / "out.tar";
    const Result made = git(repository, {"archive", "--format=tar", "--prefix=" + top + "/",
                                         "--output=" + tar.string(), commit});
    if (made.exit_code != 0) {
        throw Error(ErrorCode::io, fmt::format("cannot read revision '{}' of '{}': {}",
                                               spec.revision, spec.url, last_line(made.err)));
    }
    copy_file_atomic(tar, destination, false);
}

}  // namespace hab::build
