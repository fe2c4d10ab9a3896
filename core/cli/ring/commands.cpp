// SPDX-License-Identifier: Apache-2.0
#include "cli/ring/commands.hpp"

#include <vector>

namespace hab::cli {

std::span<const Command> ring_commands() {
    static const std::vector<Command> commands = {
        ring_key_export_command(), ring_key_generate_command(), ring_key_import_command(),
        ring_sim_command(), ring_status_command()};
    return commands;
}

}  // namespace hab::cli
