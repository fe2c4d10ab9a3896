// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"
#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "ORIGIN-REVISION", .help = "A public key in the key cache"}};
constexpr std::array options = {
    OptionSpec{.name = "fingerprint",
               .kind = OptionKind::value,
               .value_name = "HEX",
               .help = "What the origin says the key's fingerprint is: refuse any other",
               .env = {},
               .default_value = {}},
    cache_key_path_option};

void require_fingerprint(const crypto::SigningPublicKey& key, const std::string& expected) {
    if (to_lower(expected) == key.fingerprint()) return;
    throw Error(ErrorCode::crypto,
                fmt::format("the key '{}' does not have the fingerprint {}, but {}",
                            key.name().to_string(), expected, key.fingerprint()),
                "this is not the origin's key: get the genuine one, or ask for the fingerprint "
                "again");
}

int run(Invocation& invocation) {
    const auto key =
        named_key(invocation.args.require("ORIGIN-REVISION"), key_cache_of(invocation));
    if (const auto expected = invocation.args.get("fingerprint")) {
        require_fingerprint(key, *expected);
    }
    const auto trust = package::OriginTrust::from(invocation.paths);
    trust.trust(key, package::TrustReason::trusted);
    warn_if_pinned_without(trust, key.name(), invocation.terminal);
    invocation.terminal.end(
        fmt::format("Trusted {} with fingerprint {}", key.name().to_string(), key.fingerprint()));
    return 0;
}

}  // namespace

const Command& origin_key_trust_command() {
    static constexpr Command command = {
        .path = "origin key trust",
        .summary = "Let a key sign packages of its origin",
        .description =
            "The first key of an origin that signs an installed package is trusted by itself. Any "
            "later one is refused until you trust it here, import it with 'hab origin key import', "
            "or generate it. Ask the origin whether the key is its own first.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
