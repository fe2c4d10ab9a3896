// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {

int run_studio_rm(Invocation& invocation) {
    const StudioPlace place(invocation);
    const std::string root = place.paths().root.string();
    if (!fs::exists(place.paths().root)) {
        invocation.terminal.end("There is no studio at " + root);
        return 0;
    }
    invocation.terminal.begin("Removing the studio at " + root);
    place.open_bare().remove();
    invocation.terminal.end("Removed");
    return 0;
}

}  // namespace hab::cli
