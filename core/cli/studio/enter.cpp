// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"
#include "cli/studio/terminal_relay.hpp"

namespace hab::cli {

int run_studio_enter(Invocation& invocation) {
    const StudioPlace place(invocation);
    const StudioTools tools = studio_tools(invocation);
    const plugin::OpenStudio studio = place.open(tools);
    plugin::StudioExec exec;
    exec.argv = {tools.bash};
    exec.env = place.environment(tools);
    exec.env.emplace_back("PS1", "[\\#][studio:\\w]\\$ ");
    exec.cwd = place.start_directory();
    if (::isatty(STDIN_FILENO) == 0) {  // a script on standard input
        exec.stdin_fd = STDIN_FILENO;
        exec.stdout_fd = STDOUT_FILENO;
        exec.stderr_fd = STDERR_FILENO;
        return studio.run(exec).exit_code;
    }
    invocation.terminal.begin("Entering the studio at " + place.paths().root.string());
    TerminalRelay relay(STDIN_FILENO, STDOUT_FILENO);
    exec.argv.emplace_back("-i");
    exec.tty = true;
    exec.stdin_fd = exec.stdout_fd = exec.stderr_fd = relay.inside();
    return studio.run(exec).exit_code;
}

}  // namespace hab::cli
