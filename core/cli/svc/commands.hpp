// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab svc …`: what runs under the supervisor.
[[nodiscard]] std::span<const Command> svc_commands();

// One function per command, each in the file of its name (change.cpp: those that only name a
// service).
int run_svc_load(Invocation& invocation);
int run_svc_update(Invocation& invocation);
int run_svc_unload(Invocation& invocation);
int run_svc_start(Invocation& invocation);
int run_svc_stop(Invocation& invocation);
int run_svc_status(Invocation& invocation);

}  // namespace hab::cli
