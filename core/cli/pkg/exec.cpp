// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/become_program.hpp"
#include "cli/pkg/commands.hpp"
#include "package/environment.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT",
                 .help = "An installed package: origin/name[/version[/release]]"},
    ArgumentSpec{.name = "CMD",
                 .help = "Program, found in the package's PATH, then in the caller's"},
    ArgumentSpec{.name = "ARGS", .help = "Taken as they are", .required = false, .rest = true}};

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    std::vector<std::string> words = invocation.args.all("ARGS");
    words.insert(words.begin(), invocation.args.require("CMD"));
    if (words.size() > 1 && words.front() == "--") words.erase(words.begin());
    const auto env = package::merged_environment(package::runtime_environment(package, store),
                                                 package::process_environment());
    const auto path = env.find("PATH");
    const auto program =
        package::find_program(words.front(), path == env.end() ? std::string_view() : path->second);
    if (!program) {
        throw Error(ErrorCode::not_found,
                    fmt::format("there is no program '{}' in the PATH of '{}' or your own",
                                words.front(), package.ident().to_string()),
                    fmt::format("'hab pkg env {}' shows that PATH", package.ident().to_string()));
    }
    become_program(*program, std::move(words), env);
}

}  // namespace

const Command& pkg_exec_command() {
    static constexpr Command command = {
        .path = "pkg exec",
        .summary = "Run a program in the environment of an installed package",
        .description = "The program replaces hab: its exit code is the command's.",
        .arguments = arguments,
        .options = {},
        .verbatim = true,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
