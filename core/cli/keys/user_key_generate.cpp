// SPDX-License-Identifier: Apache-2.0
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
    return generate_box_pair(invocation, "user", user);
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
