// SPDX-License-Identifier: Apache-2.0
#include "build/git_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
    for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"})
        spec.env.erase(name);
    spec.cwd = repository;
    try {
        auto done = sandbox::run_captured(std::move(spec));
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
    if (git(repository, {"update-ref", fetched, spec.revision + "^{commit}"}).exit_code != 0) {
        throw Error(ErrorCode::not_found,
                    fmt::format("'{}' has no revision '{}'", spec.url, spec.revision),
                    "give a commit that is part of a branch or tag");
    }
}

void GitSource::fetch(const GitSpec& spec, const std::string& top,
                      const fs::path& destination) const {
    const fs::path repository = dir_ / crypto::blake2b_hex(spec.url).substr(0, 32);
    make_directories(repository);
    if (git(repository, {"init", "--quiet", "--bare"}).exit_code != 0) {
        throw Error(ErrorCode::io,
                    fmt::format("cannot make a repository in '{}'", repository.string()));
    }
    std::string commit = spec.revision + "^{commit}";
    if (!spec.is_pinned() || git(repository, {"cat-file", "-e", commit}).exit_code != 0) {
        update(repository, spec);
        commit = fetched;
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
