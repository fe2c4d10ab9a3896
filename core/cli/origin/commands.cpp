// SPDX-License-Identifier: Apache-2.0
#include "cli/origin/commands.hpp"

#include <vector>

namespace hab::cli {

std::span<const Command> origin_commands() {
    static const std::vector<Command> commands = {
        origin_key_generate_command(), origin_key_export_command(), origin_key_import_command(),
        origin_key_list_command(),     origin_key_trust_command(),  origin_key_pin_command()};
    return commands;
}

}  // namespace hab::cli
