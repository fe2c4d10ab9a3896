// SPDX-License-Identifier: Apache-2.0
#include "cli/keys/commands.hpp"

#include <vector>

namespace hab::cli {

std::span<const Command> key_commands() {
    static const std::vector<Command> commands = {svc_key_generate_command(),
                                                  user_key_generate_command()};
    return commands;
}

}  // namespace hab::cli
