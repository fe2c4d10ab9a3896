// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/commands.hpp"

#include <vector>

namespace hab::cli {

std::span<const Command> plan_commands() {
    static const std::vector<Command> commands = {plan_init_command(), plan_check_command(),
                                                  plan_render_command()};
    return commands;
}

}  // namespace hab::cli
