// SPDX-License-Identifier: Apache-2.0
// Which packages and directories living processes use.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.hpp"

namespace hab::package {

/// "origin/name/version/release" of every place in a text that names a package's directory
/// ("/hab/pkgs/origin/name/version/release"), in order, repeated ones once in a row. For paths,
/// environments, mount tables, rendered hooks.
[[nodiscard]] std::vector<std::string> packages_named_in(std::string_view text);

/// A snapshot of /proc: programs, mapped libraries, open files, working and root directories,
/// arguments, environments and mount tables of all processes, in whatever mount namespace they are.
/// It errs on the side of use: a path in a container counts as if it were here. Only what the
/// calling process itself has open does not count: it holds locks on what it is about to remove.
class PathUse {
public:
    /// `watched`: directories below which any used path is remembered (caches, studios). Processes
    /// that end meanwhile are left out; those that may not be looked at are counted; anything else
    /// that cannot be read throws io, because what is in use cannot be told then. `proc` is another
    /// directory in tests only.
    explicit PathUse(std::vector<fs::path> watched, const fs::path& proc = "/proc");

    /// Why a package is in use ("process 12 (nginx) runs it"), by the text of its ident; also
    /// directories that were renamed within a version, by their new names.
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& packages() const noexcept {
        return packages_;
    }
    /// Why a watched path, or something below it, is in use; nothing if it is not.
    [[nodiscard]] std::optional<std::string> why(const fs::path& path) const;
    /// Processes of other users that could not be looked at.
    [[nodiscard]] unsigned unreadable() const noexcept { return unreadable_; }

private:
    void look_at(const fs::path& process);
    void look_at_texts(const fs::path& process, const std::string& who);
    void look_at_open_files(const fs::path& process, const std::string& who);
    void look_at_mounts(const fs::path& process, const std::string& who);
    void look_at_directory(const fs::path& link, const std::string& who, std::string_view does);
    /// Gives a file's parts to `use`; false if it could not be read.
    bool read_parts(const fs::path& path, char separator,
                    const std::function<void(std::string_view)>& use);
    [[nodiscard]] std::optional<std::string> link_target(const fs::path& path);
    /// Throws unless the process has ended or may not be looked at.
    void note_failure(const fs::path& path, int error);
    void note_text(std::string_view text, const std::string& who, std::string_view does);
    void note_path(std::string_view path, const std::string& who, std::string_view does);

    std::vector<fs::path> watched_;
    fs::path self_;  ///< directory name of the calling process
    std::map<std::string, std::string, std::less<>> packages_;
    std::map<std::string, std::string, std::less<>> paths_;
    /// Working and root directories by identity: names mean nothing in other mount namespaces.
    std::map<std::pair<dev_t, ino_t>, std::string> directories_;
    std::vector<std::string> namespaces_seen_;
    bool denied_ = false;  ///< of the process that is looked at
    unsigned unreadable_ = 0;
};

}  // namespace hab::package
