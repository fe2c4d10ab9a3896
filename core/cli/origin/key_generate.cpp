// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "ORIGIN", .help = "The origin", .env = "HAB_ORIGIN", .setting = "origin"}};
constexpr std::array options = {cache_key_path_option};

int run(Invocation& invocation) {
    const std::string origin = invocation.args.require("ORIGIN");
    crypto::check_origin_name(origin);
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating origin key for {}", origin));
    const auto pair = generate_trusted_pair(origin, invocation.clock.wall(), cache,
                                            package::OriginTrust::from(invocation.paths));
    invocation.terminal.end(fmt::format("Generated origin key pair {} in {}",
                                        pair.public_key.name().to_string(), cache.dir().string()));
    return 0;
}

}  // namespace

const Command& origin_key_generate_command() {
    static constexpr Command command = {
        .path = "origin key generate",
        .summary = "Create a key pair that signs packages of an origin",
        .description =
            "The secret key stays in the key cache; give the public key to everyone who installs "
            "packages of the origin (hab origin key export). Packages signed with the key are "
            "trusted on this machine.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
