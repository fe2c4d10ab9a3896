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
    auto now = invocation.clock.wall();
    auto pair = crypto::BoxKeyPair::generate(name, now);
    // Revisions are seconds: whoever tries again within one gets the next that is free.
    while (fs::exists(cache.path_of(pair.public_key.name(), crypto::KeyKind::box_public))) {
        now += std::chrono::seconds(1);
        pair = crypto::BoxKeyPair::generate(name, now);
    }
    cache.store(pair);
    invocation.terminal.end(fmt::format("Generated {} key pair {} in {}", owner,
                                        pair.public_key.name().to_string(), cache.dir().string()));
    return 0;
}

}  // namespace hab::cli
