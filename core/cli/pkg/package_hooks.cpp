// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/package_hooks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "package/install_status.hpp"
#include "plugin/catalogue.hpp"
#include "sandbox/run.hpp"
#include "supervisor/install_files.hpp"
#include "supervisor/line_splitter.hpp"

namespace hab::cli {
namespace {

constexpr const char* token_variable = "HAB_AUTH_TOKEN";

/// One stream of a hook: a copy in its log file, lines to the terminal.
class HookOutput {
public:
    using Line = supervisor::LineSplitter::Sink;
    HookOutput(const fs::path& log, Line line)
        : log_(open_file(log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644)),
          line_(std::move(line)) {}

    void take(std::string_view bytes) {
        // A full disk costs the copy in the file, not the hook: the lines are on the terminal.
        [[maybe_unused]] const auto written = ::write(log_.get(), bytes.data(), bytes.size());
        lines_.feed(bytes, line_);
    }
    void end() { lines_.end(line_); }

private:
    UniqueFd log_;
    Line line_;
    supervisor::LineSplitter lines_;
};

/// Held while a package's hook runs: on the package's own directory, so that no file is left over,
/// and so that nobody removes it meanwhile.
UniqueFd lock_package(const package::InstalledPackage& package) {
    UniqueFd fd = open_file(package.dir(), O_RDONLY | O_DIRECTORY);
    if (::flock(fd.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot lock '{}'", package.dir().string()));
    }
    return fd;
}

}  // namespace

plugin::Registry& PackageHooks::plugins() {
    if (!plugins_) {
        const std::vector<fs::path> files(invocation_.plugin_files.begin(),
                                          invocation_.plugin_files.end());
        const auto plan = plugin::SearchPlan::from_environment(
            files, plugin::package_plugin_dirs(invocation_.paths.pkgs()));
        plugins_.emplace(plugin::Catalogue::discover(plan), plugin::no_services());
    }
    return *plugins_;
}

void PackageHooks::run_install_hooks(const package::InstalledPackage& package) {
    for (const auto& each : package::pending_install_hooks(package, store_))
        run_install_hook(each);
}

void PackageHooks::run_install_hook(const package::InstalledPackage& package) {
    const UniqueFd lock = lock_package(package);
    if (package::install_hook_status(package) == 0) return;  // another process was faster
    const int code = run(package, "install");
    package::write_install_hook_status(package, code);
    if (code == 0) return;
    throw HookFailed(fmt::format("the install hook of '{}' ended with exit code {}",
                                 package.ident().to_string(), code),
                     "the package is installed, but not ready: mend the cause, then 'hab pkg "
                     "install' runs the hook again",
                     code);
}

void PackageHooks::run_uninstall_hook(const package::InstalledPackage& package) {
    if (!package::has_hook(package, "uninstall")) return;
    const int code = run(package, "uninstall");
    if (code == 0) return;
    throw HookFailed(fmt::format("the uninstall hook of '{}' ended with exit code {}",
                                 package.ident().to_string(), code),
                     "the package is still installed: mend the cause, or leave the hook out with "
                     "--ignore-uninstall-hook",
                     code);
}

int PackageHooks::run(const package::InstalledPackage& package, const std::string& hook) {
    auto command = supervisor::prepare_package_hook(package, store_, hook, plugins());
    const auto token = command.spec.env.find(token_variable);
    if (token == command.spec.env.end() || token->second.empty()) {
        if (const auto text = invocation_.settings.get("auth_token"))
            command.spec.env[token_variable] = *text;
    }
    Terminal& terminal = invocation_.terminal;
    terminal.status(fmt::format("Running {} hook of", hook), package.ident().to_string());
    const std::string label = fmt::format("{} hook[{}]: ", package.ident().name, hook);
    HookOutput out(command.stdout_log, [&](std::string_view line) {
        terminal.out(fmt::format("{}{}\n", label, line));
    });
    HookOutput err(command.stderr_log,
                   [&](std::string_view line) { terminal.warn(fmt::format("{}{}", label, line)); });
    sandbox::RunOptions options;
    options.on_stdout = [&out](std::string_view bytes) { out.take(bytes); };
    options.on_stderr = [&err](std::string_view bytes) { err.take(bytes); };
    try {
        const auto result = sandbox::run(std::move(command.spec), options);
        out.end();
        err.end();
        return result.status.exit_code;
    } catch (const Error& error) {
        throw error.in(
            fmt::format("cannot run the {} hook of '{}'", hook, package.ident().to_string()));
    }
}

}  // namespace hab::cli
