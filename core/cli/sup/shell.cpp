// SPDX-License-Identifier: Apache-2.0
// `hab sup sh` and `hab sup bash`: a shell with what a service's hooks find around them.
#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/become_program.hpp"
#include "cli/sup/commands.hpp"
#include "package/environment.hpp"

namespace hab::cli {
namespace {

package::EnvironmentMap environment_of_hooks(const Invocation& invocation) {
    const auto caller = package::process_environment();
    const auto text = invocation.args.get("PKG_IDENT");
    if (!text) return caller;
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(*text));
    return package::merged_environment(package::runtime_environment(package, store), caller);
}

int become_shell(Invocation& invocation, const std::string& shell) {
    const auto environment = environment_of_hooks(invocation);
    const auto path = environment.find("PATH");
    const auto program =
        package::find_program(shell, path == environment.end() ? std::string_view() : path->second);
    if (!program) {
        throw Error(ErrorCode::not_found,
                    fmt::format("cannot start a shell: there is no '{}' in PATH", shell),
                    "Name a package that brings one, or install a shell on this machine.");
    }
    std::vector<std::string> words = invocation.args.all("ARGS");
    words.insert(words.begin(), shell);
    become_program(*program, std::move(words), environment);
}

}  // namespace

int run_sup_sh(Invocation& invocation) {
    return become_shell(invocation, "sh");
}

int run_sup_bash(Invocation& invocation) {
    return become_shell(invocation, "bash");
}

}  // namespace hab::cli
