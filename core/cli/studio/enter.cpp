// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"
#include "cli/studio/terminal_relay.hpp"

namespace hab::cli {

int run_studio_enter(Invocation& invocation) {
    const StudioPlace place(invocation);
    const StudioTools tools = studio_tools(invocation, place.type());
    const plugin::OpenStudio studio = place.open(tools);
    plugin::StudioExec exec;
    exec.argv = {tools.shell, "-l"};
    exec.env = place.environment(tools);
    exec.env.emplace_back("STUDIO_ENTER", "true");
    exec.env.emplace_back("PS1", "[\\#][studio:\\w]\\$ ");
    exec.cwd = place.start_directory();
    const std::vector<std::string> more = invocation.args.all("ARGS");
    if (::isatty(STDIN_FILENO) == 0) {  // a script on standard input
        exec.argv.insert(exec.argv.end(), more.begin(), more.end());
        exec.stdin_fd = STDIN_FILENO;
        exec.stdout_fd = STDOUT_FILENO;
        exec.stderr_fd = STDERR_FILENO;
        return studio.run(exec).exit_code;
    }
    if (!invocation.args.flag("quiet"))
        invocation.terminal.begin("Entering the studio at " + place.paths().root.string());
    TerminalRelay relay(STDIN_FILENO, STDOUT_FILENO);
    if (more.empty()) exec.argv.emplace_back("-i");
    exec.argv.insert(exec.argv.end(), more.begin(), more.end());
    exec.tty = true;
    exec.stdin_fd = exec.stdout_fd = exec.stderr_fd = relay.inside();
    return studio.run(exec).exit_code;
}

}  // namespace hab::cli
