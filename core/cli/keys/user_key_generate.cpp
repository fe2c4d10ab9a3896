// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/keys/commands.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "USER", .help = "The user's name"}};
constexpr std::array options = {cache_key_path_option};

int run(Invocation& invocation) {
    const std::string user = invocation.args.require("USER");
    crypto::check_user_name(user);
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating user key for {}", user));
    const auto pair = crypto::BoxKeyPair::generate(user, invocation.clock.wall());
    cache.store(pair);
    invocation.terminal.end(fmt::format("Generated user key pair {} in {}",
                                        pair.public_key.name().to_string(), cache.dir().string()));
    return 0;
}

}  // namespace

const Command& user_key_generate_command() {
    static constexpr Command command = {
        .path = "user key generate",
        .summary = "Create a key pair with which a user encrypts for services",
        .description =
            "The supervisors that shall read what the user sends need the public key in their key "
            "caches.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
