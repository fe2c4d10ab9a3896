// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <signal.h>

#include "base/error.hpp"
#include "base/terminal.hpp"
#include "launcher/messages.hpp"
#include "supervisor/supervisor.hpp"

namespace hab::supervisor {
namespace {

void settle_signals() {
    // Only the launcher reacts to a wish to stop: it tells us, and a terminal's Ctrl-C reaches
    // both.
    for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGPIPE}) {
        ::signal(number, SIG_IGN);
    }
}

}  // namespace

int supervisor_main(const std::vector<std::string>& arguments) {
    Terminal terminal;
    if (!arguments.empty() && (arguments[0] == "--version" || arguments[0] == "-V")) {
        terminal.out("hab-sup " HAB_VERSION "\n");
        return launcher::exit_informational;
    }
    for (const auto& argument : arguments) {
        if (argument == "--help" || argument == "-h") {
            terminal.out(run_options_help());
            return launcher::exit_informational;
        }
    }
    settle_signals();
    std::optional<Supervisor> supervisor;
    try {
        if (arguments.empty() || arguments[0] != "run") {
            throw Error(ErrorCode::usage, "hab-sup takes the word 'run' and options",
                        "use `hab sup run`");
        }
        supervisor.emplace(parse_run_options(std::span(arguments).subspan(1)));
        supervisor->start();
    } catch (const Error& error) {
        terminal.fatal(error);
        // Giving up ends every service. Those that run already outlive a bad moment of their
        // supervisor: any other code makes the launcher try again.
        return supervisor && supervisor->restarted() ? 1 : launcher::exit_give_up;
    }
    const int code = supervisor->run();
    if (const auto& failure = supervisor->failure()) terminal.fatal(*failure);
    return code;
}

}  // namespace hab::supervisor
