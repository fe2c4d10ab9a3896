// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "crypto/hash.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "SOURCE",
                 .help = "A file; without it, paths are read from standard input, one a line",
                 .required = false}};

void print_hash(Terminal& terminal, const std::string& path) {
    terminal.out(fmt::format("{}  {}\n", crypto::blake2b_hex_of_file(path), path));
}

int run(Invocation& invocation) {
    if (const auto source = invocation.args.get("SOURCE")) {
        print_hash(invocation.terminal, *source);
        return 0;
    }
    const std::string input = read_fd(STDIN_FILENO, "standard input");
    for (const std::string_view line : split(input, '\n')) {
        if (!trim(line).empty()) print_hash(invocation.terminal, std::string(trim(line)));
    }
    return 0;
}

}  // namespace

const Command& pkg_hash_command() {
    static constexpr Command command = {.path = "pkg hash",
                                        .summary = "Print the BLAKE2b hash of a file",
                                        .description = "256 bits, as 'b2sum -l 256' prints it.",
                                        .arguments = arguments,
                                        .options = {},
                                        .exit_codes = {},
                                        .run = run};
    return command;
}

}  // namespace hab::cli
