// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {

int run_studio_rm(Invocation& invocation) {
    const StudioPlace place(invocation);
    const bool quiet = invocation.args.flag("quiet");
    const std::string root = place.paths().root.string();
    if (!fs::exists(place.paths().root)) {
        if (!quiet) invocation.terminal.end("There is no studio at " + root);
        return 0;
    }
    if (!quiet) invocation.terminal.begin("Removing the studio at " + root);
    place.remove();
    if (!quiet) invocation.terminal.end("Removed");
    return 0;
}

}  // namespace hab::cli
