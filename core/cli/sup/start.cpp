// SPDX-License-Identifier: Apache-2.0
// `hab start`: into the supervisor that runs, or with a new one.
#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "cli/sup/commands.hpp"
#include "cli/sup/run_words.hpp"
#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"
#include "package/artifact_directory.hpp"
#include "package/install.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

bool is_artifact(const std::string& text) {
    return text.ends_with(".hart");
}

package::Ident install(Invocation& invocation, const std::string& file) {
    Terminal& terminal = invocation.terminal;
    package::ArtifactDirectory cache(invocation.paths.artifact_cache());
    package::InstallOptions options;
    options.progress = [&](package::InstallStep step, const package::Ident& ident) {
        if (step == package::InstallStep::installed)
            terminal.status("Installed", ident.to_string());
        if (step == package::InstallStep::found) terminal.status("Using", ident.to_string());
    };
    package::Installer installer(package::InstalledPackages(invocation.paths),
                                 crypto::KeyCache::from(invocation.paths), {&cache}, options);
    return installer.install_file(file).package.ident();
}

/// A supervisor that has just been started holds its lock before it listens.
control::Client connect_when_ready(const Paths& paths) {
    const auto deadline = SystemClock().now() + std::chrono::seconds(20);
    for (;;) {
        try {
            return connect_local_supervisor(paths);
        } catch (const Error& error) {
            const bool may_come =
                error.code() == ErrorCode::io || error.code() == ErrorCode::not_found;
            if (!may_come || !supervisor::running_launcher(paths) ||
                SystemClock().now() > deadline) {
                throw;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

/// Readable as soon as somebody presses Ctrl-C.
UniqueFd interrupt_fd() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    if (::sigprocmask(SIG_BLOCK, &signals, nullptr) != 0)
        throw Error::from_errno("cannot block signals");
    UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC));
    if (!fd) throw Error::from_errno("cannot watch for signals");
    return fd;
}

void warn_of_unused_options(Invocation& invocation) {
    for (const OptionSpec& option : supervisor_options()) {
        if (invocation.args.source(option.name) != ValueSource::command_line) continue;
        invocation.terminal.warn(
            fmt::format("--{} has no effect: a supervisor runs already", option.name));
    }
}

int load_and_follow(Invocation& invocation, const std::string& target) {
    Terminal& terminal = invocation.terminal;
    warn_of_unused_options(invocation);
    const control::Settings settings = read_settings(invocation.args);
    const auto ident =
        is_artifact(target) ? install(invocation, target) : package::Ident::parse(target);
    // Following begins before the load, so that no line of it is missed.
    control::Client follower = connect_when_ready(invocation.paths);
    follower.begin(control::LogFollow{settings.name.value_or(ident.name)});
    connect_local_supervisor(invocation.paths)
        .request(control::SvcLoad{ident, true, settings}, show_replies(terminal));
    const UniqueFd interrupt = interrupt_fd();
    const bool ended = follower.finish(show_replies(terminal), interrupt.get());
    const std::string service = ident.origin + "/" + settings.name.value_or(ident.name);
    terminal.end(ended ? std::string("The supervisor has ended")
                       : fmt::format("{0} keeps running; `hab svc stop {0}` stops it", service));
    return 0;
}

}  // namespace

int run_start(Invocation& invocation) {
    const std::string target = invocation.args.require("PKG_IDENT_OR_ARTIFACT");
    if (supervisor::running_launcher(invocation.paths)) return load_and_follow(invocation, target);
    if (!is_artifact(target))
        (void)package::Ident::parse(target);  // a clear sentence before all else
    become_launcher(run_words(invocation.args, target));
}

}  // namespace hab::cli
