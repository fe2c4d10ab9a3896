// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab svc …`, `hab why` and `hab config …`: what runs under the supervisor.
[[nodiscard]] std::span<const Command> svc_commands();

/// Of `svc status`, for its other name `sup status`.
[[nodiscard]] std::span<const ArgumentSpec> svc_status_arguments();
[[nodiscard]] std::span<const OptionSpec> svc_status_options();

// One function per command, each in the file of its name (change.cpp: those that only name a
// service).
int run_svc_load(Invocation& invocation);
int run_svc_update(Invocation& invocation);
int run_svc_unload(Invocation& invocation);
int run_svc_start(Invocation& invocation);
int run_svc_stop(Invocation& invocation);
int run_svc_status(Invocation& invocation);
int run_svc_restart(Invocation& invocation);
int run_svc_logs(Invocation& invocation);
int run_why(Invocation& invocation);
int run_config_show(Invocation& invocation);

}  // namespace hab::cli
