// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/pkg/commands.hpp"
#include "cli/pkg/verify_deep.hpp"
#include "package/artifact.hpp"
#include "package/origin_trust.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "SOURCE", .help = "A .hart file; with --deep, the identifier of an installed package"}};
constexpr std::array options = {
    cache_key_path_option,
    OptionSpec{.name = "deep",
               .value_name = {},
               .help = "Hash an installed package and compare it with its signed FILES",
               .env = {},
               .default_value = {}}};

int run(Invocation& invocation) {
    if (invocation.args.flag("deep")) return run_verify_deep(invocation);
    const std::string source = invocation.args.require("SOURCE");
    invocation.terminal.begin(fmt::format("Verifying artifact {}", source));
    const crypto::KeyCache keys = key_cache_of(invocation);
    const auto verified = package::verify_artifact(fs::path(source), keys);
    const auto trust = package::OriginTrust::from(invocation.paths);
    const auto answer = trust.check(keys.public_key(verified.signer));
    invocation.terminal.status("Verified", fmt::format("checksum {}", verified.payload_hash));
    invocation.terminal.status("Verified",
                               fmt::format("signed with {}", verified.signer.to_string()));
    if (answer == package::TrustAnswer::first_use) {
        invocation.terminal.status("Unknown",
                                   fmt::format("no key of the origin '{}' is known here yet: "
                                               "installing the package would trust this one",
                                               verified.signer.name));
    }
    invocation.terminal.end(fmt::format("Verified artifact {}.", source));
    return 0;
}

}  // namespace

const Command& pkg_verify_command() {
    static constexpr Command command = {
        .path = "pkg verify",
        .summary = "Check the signature and the content of an artifact",
        .description =
            "Needs the public key that the artifact names in the key cache; the key must be "
            "trusted for its origin, or be the first one of it.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
