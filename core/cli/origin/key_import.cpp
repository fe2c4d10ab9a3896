// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/files.hpp"
#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"

namespace hab::cli {
namespace {

constexpr std::array options = {cache_key_path_option};
constexpr std::size_t max_key_text = 64u << 10;

int run(Invocation& invocation) {
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin("Importing origin key from standard input");
    const std::string text = read_fd(STDIN_FILENO, "standard input", max_key_text);
    const auto trust = package::OriginTrust::from(invocation.paths);
    const crypto::SigningPublicKey key = public_half(text, "standard input");
    trust.require_trustable(key);  // before the key is stored: an error leaves nothing behind
    const auto path = cache.import(text, "standard input");
    trust.trust(key, package::TrustReason::imported);
    warn_if_pinned_without(trust, key.name(), invocation.terminal);
    invocation.terminal.end(fmt::format("Imported {}", path.string()));
    return 0;
}

}  // namespace

const Command& origin_key_import_command() {
    static constexpr Command command = {
        .path = "origin key import",
        .summary = "Store a key from standard input in the key cache",
        .description =
            "Takes a public or a secret signing key, and trusts it: packages of the origin that "
            "are "
            "signed with it can be installed from now on. A key that is there already is left "
            "alone; a "
            "different one of the same name is an error.",
        .arguments = {},
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
