// SPDX-License-Identifier: Apache-2.0
// apt-get with a state directory of our own: what the deb: source is made of.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace hab::build {

/// The layout of a private apt state.
struct AptState {
    std::filesystem::path dir;

    [[nodiscard]] std::filesystem::path config() const { return dir / "apt.conf"; }
    [[nodiscard]] std::filesystem::path sources() const { return dir / "etc/sources.list.d"; }
    [[nodiscard]] std::filesystem::path archives() const { return dir / "archives"; }
    [[nodiscard]] std::filesystem::path lock() const { return dir / "lock"; }
    /// Its modification time is the time of the last successful refresh.
    [[nodiscard]] std::filesystem::path stamp() const { return dir / "refreshed"; }
};

/// Exclusive while it lives: two builds at once must not run apt-get in one state directory.
[[nodiscard]] UniqueFd lock_state(const AptState& state);

/// Which packages a state knows: Debian's binary packages, or its source packages.
enum class AptKind { binary, source };

/// A file of package sources (sources.list, or deb822 with `deb822`) rewritten to name the source
/// packages of the same places, whether it named binary packages, source packages or both.
[[nodiscard]] std::string as_source_packages(std::string_view text, bool deb822);

/// Makes the directories, copies the machine's package sources (never its other settings; apt still
/// reads those: proxies, keys, credentials) and writes apt.conf. True if the sources differ from
/// the copy that was there. Throws io / denied.
bool prepare_apt_state(const AptState& state, const std::filesystem::path& apt_etc,
                       AptKind kind = AptKind::binary);

struct AptResult {
    int exit_code = 0;
    std::string out;
    std::string err;

    /// Last line of stderr that begins with "E: ", without it; else the last line; else "no
    /// message".
    [[nodiscard]] std::string reason() const;
};

/// `apt-get -c=<state>/apt.conf args…` in `cwd`. A failing apt-get is a result; a missing one
/// throws unsupported.
[[nodiscard]] AptResult run_apt_get(const AptState& state, const sandbox::Environment& env,
                                    const std::vector<std::string>& args,
                                    const std::filesystem::path& cwd);

}  // namespace hab::build
