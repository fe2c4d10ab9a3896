// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/sup/commands.hpp"
#include "cli/sup/run_words.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {

int run_sup_run(Invocation& invocation) {
    const auto words =
        run_words(invocation.args, invocation.args.get("PKG_IDENT_OR_ARTIFACT").value_or(""));
    // hab-sup refuses by itself; asking first saves the launcher's start and keeps its words short.
    if (const auto pid = supervisor::running_launcher(invocation.paths)) {
        throw Error(
            ErrorCode::conflict,
            fmt::format("cannot start a supervisor: one runs already on this machine (launcher "
                        "process {})",
                        *pid),
            "`hab svc load` or `hab start` loads a service into it; `hab sup term` stops it.");
    }
    become_launcher(words);
}

}  // namespace hab::cli
