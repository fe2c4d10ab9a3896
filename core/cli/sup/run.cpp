// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/sup/commands.hpp"
#include "cli/sup/run_words.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {

int run_sup_run(Invocation& invocation) {
    const auto words =
        run_words(invocation.args, invocation.args.get("PKG_IDENT_OR_ARTIFACT").value_or(""));
    const bool daemon = invocation.args.flag("daemon");
    if (!daemon && invocation.args.get("log-file")) {
        throw Error(ErrorCode::usage, "--log-file goes with --daemon only",
                    "in the foreground, redirect the output.");
    }
    // hab-sup refuses by itself; asking first saves the launcher's start and keeps its words short.
    if (const auto pid = supervisor::running_launcher(invocation.paths)) {
        throw Error(
            ErrorCode::conflict,
            fmt::format("cannot start a supervisor: one runs already on this machine (launcher "
                        "process {})",
                        *pid),
            "`hab svc load` or `hab start` loads a service into it; `hab sup term` stops it.");
    }
    if (!daemon) become_launcher(words);
    const std::filesystem::path log =
        invocation.args.get("log-file").value_or((invocation.paths.sup() / "sup.log").string());
    make_directories(std::filesystem::absolute(log).parent_path());
    become_launcher(words, std::filesystem::absolute(log).string());
}

}  // namespace hab::cli
