// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/files.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/ring/commands.hpp"

namespace hab::cli {
namespace {

constexpr std::array options = {cache_key_path_option};
constexpr std::size_t max_key_text = 64u << 10;

int run(Invocation& invocation) {
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin("Importing ring key from standard input");
    const std::string text = read_fd(STDIN_FILENO, "standard input", max_key_text);
    const auto path = cache.import_ring_key(text, "standard input");
    invocation.terminal.end(fmt::format("Imported {}", path.string()));
    return 0;
}

}  // namespace

const Command& ring_key_import_command() {
    static constexpr Command command = {
        .path = "ring key import",
        .summary = "Store a ring's key from standard input in the key cache",
        .description =
            "A key that is there already is left alone; a different one of the same name is an "
            "error. Of several keys of a ring the newest one counts.",
        .arguments = {},
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
