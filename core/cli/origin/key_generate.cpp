// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "ORIGIN", .help = "The origin; default: HAB_ORIGIN", .required = false}};
constexpr std::array options = {cache_key_path_option};

int run(Invocation& invocation) {
    auto origin = invocation.args.get("ORIGIN");
    if (!origin) {
        if (const char* value = std::getenv("HAB_ORIGIN"); value != nullptr && *value != '\0') {
            origin = value;
        }
    }
    if (!origin) {
        throw Error(ErrorCode::usage, "no origin was given",
                    "name one: hab origin key generate ORIGIN, or set HAB_ORIGIN");
    }
    crypto::check_origin_name(*origin);
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating origin key for {}", *origin));
    const auto pair = crypto::SigningKeyPair::generate(*origin, invocation.clock.wall());
    cache.store(pair);
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
            "packages of the origin (hab origin key export).",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
