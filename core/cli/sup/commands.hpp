// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab sup …` and `hab start`: the supervisor itself.
[[nodiscard]] std::span<const Command> sup_commands();

// One function per command, each in the file of its name.
int run_sup_run(Invocation& invocation);
int run_sup_term(Invocation& invocation);
int run_sup_restart(Invocation& invocation);
int run_sup_events(Invocation& invocation);
int run_sup_sh(Invocation& invocation);
int run_sup_bash(Invocation& invocation);
int run_sup_secret_generate(Invocation& invocation);
int run_sup_secret_generate_tls(Invocation& invocation);
int run_support_bundle(Invocation& invocation);
int run_start(Invocation& invocation);

}  // namespace hab::cli
