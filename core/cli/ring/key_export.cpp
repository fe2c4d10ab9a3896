// SPDX-License-Identifier: Apache-2.0
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
    invocation.terminal.out(key_cache_of(invocation).latest_ring_key(ring).to_text());
    return 0;
}

}  // namespace

const Command& ring_key_export_command() {
    static constexpr Command command = {
        .path = "ring key export",
        .summary = "Print the newest key of a ring",
        .description =
            "The text goes to standard output, ready for 'hab ring key import' on another machine "
            "of the ring. It is a secret: send it over a channel that nobody else reads.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
