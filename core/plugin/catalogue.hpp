// SPDX-License-Identifier: Apache-2.0
// Which plugins there are: every candidate file in the documented order, each with a state and a
// reason. Nothing is loaded; bad files are rows, never exceptions.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

/// Where a plugin was found, in search order.
enum class Source { option, env, user, package, system, builtin };
[[nodiscard]] std::string_view to_string(Source source) noexcept;

/// `wrong_abi`, `wrong_arch`, `untrusted` and `broken` files are never loaded.
enum class State { ok, shadowed, disabled, untrusted, wrong_abi, wrong_arch, broken };
/// "ok", "shadowed", "disabled", "untrusted", "wrong-abi", "wrong-arch", "broken".
[[nodiscard]] std::string_view to_string(State state) noexcept;

/// One row: a plugin, or a file that could not be read as one (then kind is empty and id the file
/// name).
struct Candidate {
    std::optional<Kind> kind;
    std::string id;
    PluginMeta meta;             ///< valid if kind is set
    std::filesystem::path path;  ///< canonical
    Source source = Source::builtin;
    State state = State::broken;
    std::string reason;  ///< empty if ok
    dev_t device = 0;    ///< of the file that was read, compared again when it is loaded
    ino_t inode = 0;
};

/// What discovery looks at. from_environment() fills it for this process; tests fill it by hand.
struct SearchPlan {
    std::vector<std::filesystem::path> files;       ///< --plugin FILE, in order
    std::vector<std::filesystem::path> env_dirs;    ///< HAB_PLUGIN_PATH
    std::optional<std::filesystem::path> user_dir;  ///< $XDG_DATA_HOME/hab/plugins/1
    std::vector<std::filesystem::path>
        package_dirs;  ///< <pkg>/lib/hab/plugins/1 of installed packages
    std::vector<std::filesystem::path> system_dirs;    ///< /usr/local/lib/hab/plugins/1, /usr/lib/…
    std::optional<std::filesystem::path> builtin_dir;  ///< $ORIGIN/../lib/hab/plugins/1
    std::vector<std::string> disabled;                 ///< "kind.id" that are never used
    unsigned effective_uid = 0;

    /// `files` are the --plugin options. HAB_PLUGIN_PATH is ignored in a set-user-id process. As
    /// root with `allow_user_plugins` false (the supervisor's default), files, HAB_PLUGIN_PATH and
    /// the user directory are ignored. `package_dirs` come from whoever knows installed packages.
    [[nodiscard]] static SearchPlan from_environment(
        std::vector<std::filesystem::path> files = {},
        std::vector<std::filesystem::path> package_dirs = {}, bool allow_user_plugins = true);
};

/// Plugin directories of the newest release of each installed package that ships plugins: those
/// with a PLUGINS metafile and a lib/hab/plugins/1 directory below `pkgs` (/hab/pkgs).
[[nodiscard]] std::vector<std::filesystem::path> package_plugin_dirs(
    const std::filesystem::path& pkgs);

class Catalogue {
public:
    /// Reads every candidate file once. 0.5 ms for 100 files.
    [[nodiscard]] static Catalogue discover(const SearchPlan& plan);

    /// All rows, in search order.
    [[nodiscard]] const std::vector<Candidate>& rows() const noexcept { return rows_; }

    /// The usable plugin of that kind and id; null if there is none.
    [[nodiscard]] const Candidate* find(Kind kind, std::string_view id) const noexcept;
    /// As find, but throws not_found, with a sentence that names rejected candidates and the ids
    /// that exist.
    [[nodiscard]] const Candidate& require(Kind kind, std::string_view id) const;
    /// Usable plugins of a kind, in search order.
    [[nodiscard]] std::vector<const Candidate*> usable(Kind kind) const;

private:
    std::vector<Candidate> rows_;
};

}  // namespace hab::plugin
