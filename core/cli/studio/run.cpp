// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "base/strings.hpp"
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {
namespace {

/// One word is a command line for the shell, as `hab studio run 'ls | wc'`; several are a program
/// and its arguments, whose blanks and quotes stay what they are.
std::string command_line(const std::vector<std::string>& words) {
    if (words.size() == 1) return words.front();
    std::vector<std::string> quoted;
    for (const std::string& word : words)
        quoted.push_back(shell_quote(word));
    return join(quoted, " ");
}

}  // namespace

int run_studio_run(Invocation& invocation) {
    const StudioPlace place(invocation);
    const StudioTools tools = studio_tools(invocation, place.type());
    const plugin::OpenStudio studio = place.open(tools);
    plugin::StudioExec exec;
    exec.argv = {tools.shell, "-l", "-c", command_line(invocation.args.all("CMD"))};
    exec.env = place.environment(tools);
    exec.cwd = place.start_directory();
    exec.stdin_fd = STDIN_FILENO;
    exec.stdout_fd = STDOUT_FILENO;
    exec.stderr_fd = STDERR_FILENO;
    return studio.run(exec).exit_code;
}

}  // namespace hab::cli
