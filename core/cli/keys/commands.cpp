// SPDX-License-Identifier: Apache-2.0
#include "cli/keys/commands.hpp"

#include <fmt/format.h>

#include <vector>

#include "cli/origin/key_cache.hpp"

namespace hab::cli {

std::span<const Command> key_commands() {
    static const std::vector<Command> commands = {svc_key_generate_command(),
                                                  user_key_generate_command()};
    return commands;
}

int generate_box_pair(const Invocation& invocation, std::string_view owner,
                      const std::string& name) {
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating {} key for {}", owner, name));
    const auto pair = crypto::BoxKeyPair::generate(
        name, free_revision(cache, name, crypto::KeyKind::box_public, invocation.clock.wall()));
    cache.store(pair);
    invocation.terminal.end(fmt::format("Generated {} key pair {} in {}", owner,
                                        pair.public_key.name().to_string(), cache.dir().string()));
    return 0;
}

}  // namespace hab::cli
