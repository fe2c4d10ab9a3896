// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {

int run_studio_version(Invocation& invocation) {
    host::Session session(
        {.paths = invocation.paths,
         .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
         .reporter = {},
         .cancelled = {}});
    for (const plugin::Candidate* studio :
         session.registry().catalogue().usable(plugin::Kind::studio)) {
        invocation.terminal.out(fmt::format("{} {}\n", studio->id, studio->meta.version));
    }
    return 0;
}

}  // namespace hab::cli
