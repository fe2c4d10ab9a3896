// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "ORIGIN-REVISION",
                 .help = "Public keys of one origin in the key cache; with --off: the origin",
                 .rest = true}};
constexpr std::array options = {
    OptionSpec{.name = "off",
               .value_name = {},
               .help = "Let all keys count again that are trusted for the origin",
               .env = {},
               .default_value = {}},
    cache_key_path_option};

int unpin(const std::vector<std::string>& words, const package::OriginTrust& trust,
          Terminal& terminal) {
    if (words.size() != 1) {
        throw Error(ErrorCode::usage, "--off takes the name of one origin",
                    "for example: hab origin key pin --off acme");
    }
    crypto::check_origin_name(words.front());
    trust.unpin(words.front());
    terminal.end(fmt::format("{} is not pinned any more", words.front()));
    return 0;
}

int run(Invocation& invocation) {
    const auto words = invocation.args.all("ORIGIN-REVISION");
    const auto trust = package::OriginTrust::from(invocation.paths);
    if (invocation.args.flag("off")) return unpin(words, trust, invocation.terminal);
    const crypto::KeyCache cache = key_cache_of(invocation);
    std::vector<crypto::SigningPublicKey> keys;
    for (const std::string& word : words)
        keys.push_back(named_key(word, cache));
    trust.pin(keys);
    for (const auto& key : keys) {
        invocation.terminal.status(
            "Pinned",
            fmt::format("{} with fingerprint {}", key.name().to_string(), key.fingerprint()));
    }
    invocation.terminal.end(
        fmt::format("Only these keys sign packages of {}", keys.front().name().name));
    return 0;
}

}  // namespace

const Command& origin_key_pin_command() {
    static constexpr Command command = {
        .path = "origin key pin",
        .summary = "Let exactly the named keys sign packages of an origin",
        .description =
            "From now on, no other key counts, neither an older one that is trusted nor one that "
            "is imported later. The keys become trusted if they are not. Pinning again replaces "
            "the list.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
