// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "ORIGIN", .help = "The origin"}};
constexpr std::array options = {OptionSpec{.name = "type",
                                           .letter = 't',
                                           .kind = OptionKind::value,
                                           .value_name = "public|secret",
                                           .help = "Which half of the pair",
                                           .env = {},
                                           .default_value = "public"},
                                cache_key_path_option};

int run(Invocation& invocation) {
    const std::string origin = invocation.args.require("ORIGIN");
    const std::string type = invocation.args.require("type");
    crypto::check_origin_name(origin);
    const crypto::KeyCache cache = key_cache_of(invocation);
    if (type == "public") {
        invocation.terminal.out(cache.latest_public_key(origin).to_text());
    } else if (type == "secret") {
        invocation.terminal.out(cache.latest_secret_key(origin).to_text());
    } else {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not a type of key", type),
                    "use --type public or --type secret");
    }
    return 0;
}

}  // namespace

const Command& origin_key_export_command() {
    static constexpr Command command = {
        .path = "origin key export",
        .summary = "Print the newest key of an origin",
        .description =
            "The text goes to standard output, ready for 'hab origin key import' elsewhere. A "
            "secret key gives its holder the right to sign: keep it to yourself.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
