// SPDX-License-Identifier: Apache-2.0
// Source scheme "git+URL#REVISION": one revision of a git repository, as a tar file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace hab::build {

struct GitSpec {
    std::string url;       ///< https, http, ssh, git or file
    std::string revision;  ///< commit, tag or branch

    /// Whether the revision is a full commit id, so that the content cannot change.
    [[nodiscard]] bool is_pinned() const noexcept;
};

[[nodiscard]] bool is_git_source(std::string_view source) noexcept;
/// Throws invalid_input for anything that is not git+URL#REVISION with one of the known schemes and
/// a revision that cannot be mistaken for an option.
[[nodiscard]] GitSpec parse_git_source(std::string_view source);

/// Keeps bare repositories below a directory; uses the machine's git, with the user's settings and
/// credentials, and never asks.
class GitSource {
public:
    /// `cancelled` is asked while git runs; true ends it with Error(cancelled).
    GitSource(std::filesystem::path repositories, sandbox::Environment env,
              std::function<bool()> cancelled = {})
        : dir_(std::move(repositories)), env_(std::move(env)), cancelled_(std::move(cancelled)) {}

    /// Writes the tree of the revision as a tar file with one directory `top`. A commit that is in
    /// the local repository needs no network. The same commit gives the same bytes. Others that
    /// want the same repository wait. Throws unsupported (no git), not_found (no such revision),
    /// cancelled, io.
    void fetch(const GitSpec& spec, const std::string& top,
               const std::filesystem::path& destination) const;

private:
    struct Result {
        int exit_code = 0;
        std::string out;
        std::string err;
    };
    [[nodiscard]] Result git(const std::filesystem::path& repository,
                             std::vector<std::string> words) const;
    void update(const std::filesystem::path& repository, const GitSpec& spec) const;
    [[nodiscard]] UniqueFd lock(const std::filesystem::path& repository) const;

    std::filesystem::path dir_;
    sandbox::Environment env_;
    std::function<bool()> cancelled_;
};

}  // namespace hab::build
