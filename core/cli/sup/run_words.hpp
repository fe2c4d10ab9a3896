// SPDX-License-Identifier: Apache-2.0
// From the options of `hab sup run` to the words that hab-launch and hab-sup get.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

/// Options of the supervisor itself; those of a service are setting_options().
[[nodiscard]] std::span<const OptionSpec> supervisor_options();

/// What was said on the command line (variables reach hab-sup by themselves), `package` last unless
/// it is empty. Checked with hab-sup's own parser: throws the Error(usage) that it would.
[[nodiscard]] std::vector<std::string> run_words(const Arguments& args, const std::string& package);

/// Replaces this process by hab-launch (HAB_LAUNCH_BINARY, else the one of this installation).
/// With `daemon_log` it goes into the background and writes to that file. Throws Error(not_found) or
/// io when it cannot be started.
[[noreturn]] void become_launcher(const std::vector<std::string>& words,
                                  const std::string& daemon_log = {});

}  // namespace hab::cli
