// SPDX-License-Identifier: Apache-2.0
// Finding what a launcher left behind when it was killed: everything it ever started carries the
// launcher's mark in its environment, however far it forked away.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hab::launcher {

/// 32 random hexadecimal digits.
[[nodiscard]] std::string random_mark();

/// Whether the environment that the process was started with has a variable of that name and, if
/// `value` is not empty, that value. False for processes that may not be looked at.
[[nodiscard]] bool environment_has(pid_t pid, std::string_view name, std::string_view value = {});

/// The value of a variable in the environment that the process was started with; empty if there is
/// none or the process may not be looked at.
[[nodiscard]] std::string environment_value(pid_t pid, std::string_view name);

/// To the whole group if the process leads one.
void signal_tree(pid_t pid, int number);

/// Ends every process of that mark but ourselves: TERM, and after `grace` KILL. Blocks until they
/// are gone, at most 2 s longer than `grace`. Returns how many there were.
std::size_t end_marked(const std::string& mark, std::chrono::milliseconds grace);

/// Kills every process of that mark that a hook is or started. Blocks until they are gone, at most
/// 2 s.
void kill_marked_hooks(const std::string& mark);

}  // namespace hab::launcher
