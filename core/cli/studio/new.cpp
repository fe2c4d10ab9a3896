// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {

int run_studio_new(Invocation& invocation) {
    const StudioPlace place(invocation);
    static_cast<void>(place.open(studio_tools(invocation, place.type())));
    if (!invocation.args.flag("quiet"))
        invocation.terminal.end("Studio ready at " + place.paths().root.string());
    return 0;
}

}  // namespace hab::cli
