// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/pkg/commands.hpp"
#include "package/artifact.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "SOURCE", .help = "A .hart file"}};
constexpr std::array options = {cache_key_path_option};

int run(Invocation& invocation) {
    const std::string source = invocation.args.require("SOURCE");
    invocation.terminal.begin(fmt::format("Verifying artifact {}", source));
    const auto verified = package::verify_artifact(fs::path(source), key_cache_of(invocation));
    invocation.terminal.status("Verified", fmt::format("checksum {}", verified.payload_hash));
    invocation.terminal.status("Verified",
                               fmt::format("signed with {}", verified.signer.to_string()));
    invocation.terminal.end(fmt::format("Verified artifact {}.", source));
    return 0;
}

}  // namespace

const Command& pkg_verify_command() {
    static constexpr Command command = {
        .path = "pkg verify",
        .summary = "Check the signature and the content of an artifact",
        .description = "Needs the public key that the artifact names in the key cache.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
