// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "package/artifact.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "SOURCE", .help = "A .hart file"}};

int run(Invocation& invocation) {
    const std::string source = invocation.args.require("SOURCE");
    const auto header = package::read_artifact_header(source);
    invocation.terminal.begin(fmt::format("Reading package header for {}", source));
    invocation.terminal.out(fmt::format(
        "\nPackage        : {}\nFormat Version : {}\n"
        "Key Name       : {}\nHash Type      : {}\n"
        "Raw Signature  : {}\n",
        source, header.format, header.key.to_string(), header.hash_type, header.signature_base64));
    return 0;
}

}  // namespace

const Command& pkg_header_command() {
    static constexpr Command command = {
        .path = "pkg header",
        .summary = "Print the header of an artifact",
        .description = "What the file says; nothing is verified (see hab pkg verify).",
        .arguments = arguments,
        .options = {},
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
