// SPDX-License-Identifier: Apache-2.0
// apt-get with a state directory of our own: what the deb: source is made of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

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

/// Makes the directories, copies the machine's package sources (never its other settings; apt still
/// reads those: proxies, keys, credentials) and writes apt.conf. True if the sources differ from
/// the copy that was there. Throws io / denied.
bool prepare_apt_state(const AptState& state, const std::filesystem::path& apt_etc);

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
