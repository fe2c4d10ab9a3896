// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/pkg/commands.hpp"
#include "package/artifact.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "SOURCE", .help = "The archive (.tar.xz) or any other file to sign"},
    ArgumentSpec{.name = "DEST", .help = "The artifact to write"}};
constexpr std::array options = {OptionSpec{.name = "origin",
                                           .kind = OptionKind::value,
                                           .value_name = "ORIGIN",
                                           .help = "Whose newest secret key signs",
                                           .env = "HAB_ORIGIN",
                                           .default_value = {},
                                           .setting = "origin"},
                                cache_key_path_option};

int run(Invocation& invocation) {
    const std::string origin = invocation.args.require("origin");
    const std::string source = invocation.args.require("SOURCE");
    const std::string dest = invocation.args.require("DEST");
    const auto key = key_cache_of(invocation).latest_secret_key(origin);
    invocation.terminal.begin(
        fmt::format("Signing {} with {} to create {}", source, key.name().to_string(), dest));
    package::sign_file(source, dest, key);
    invocation.terminal.end(fmt::format("Signed artifact {}.", dest));
    return 0;
}

}  // namespace

const Command& pkg_sign_command() {
    static constexpr Command command = {
        .path = "pkg sign",
        .summary = "Sign an archive with an origin's key",
        .description = "Writes the signed envelope of artifacts around the bytes of a file.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
