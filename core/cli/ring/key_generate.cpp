// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/key_cache.hpp"
#include "cli/ring/commands.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "RING", .help = "The ring's name"}};
constexpr std::array options = {cache_key_path_option};

int run(Invocation& invocation) {
    const std::string ring = invocation.args.require("RING");
    crypto::check_ring_name(ring);
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating ring key for {}", ring));
    const auto key = crypto::RingKey::generate(
        ring, free_revision(cache, ring, crypto::KeyKind::ring_secret, invocation.clock.wall()));
    cache.store(key);
    invocation.terminal.end(
        fmt::format("Generated ring key {} in {}", key.name().to_string(), cache.dir().string()));
    return 0;
}

}  // namespace

const Command& ring_key_generate_command() {
    static constexpr Command command = {
        .path = "ring key generate",
        .summary = "Create a key that encrypts what the supervisors of a ring say",
        .description =
            "Every supervisor of the ring needs the same key in its key cache (hab ring key "
            "export, hab ring key import) and the ring's name (--ring). Whoever has the key can "
            "read and say anything in the ring.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
