// SPDX-License-Identifier: Apache-2.0
// hab-launch: starts hab-sup again and again and owns the service processes meanwhile.
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "launcher/background.hpp"
#include "launcher/report.hpp"
#include "launcher/server.hpp"

namespace {

using hab::launcher::report;

/// hab-sup lies beside this program; HAB_SUP_BINARY names another one.
std::string supervisor_path() {
    if (const char* named = std::getenv("HAB_SUP_BINARY"); named != nullptr && *named != '\0') {
        return named;
    }
    char self[PATH_MAX];
    const ssize_t size = ::readlink("/proc/self/exe", self, sizeof self);
    if (size <= 0) return "/hab-sup";
    const std::string path(self, static_cast<std::size_t>(size));
    return path.substr(0, path.rfind('/') + 1) + "hab-sup";
}

std::string launcher_directory() {
    const char* root = std::getenv("FS_ROOT");
    return std::string(root != nullptr ? root : "") + "/hab/launcher";
}

int usage(int fd, int code) {
    const char* text =
        "Usage: hab-launch [daemon LOG_FILE] run [OPTIONS OF hab sup run]\n\n"
        "Runs the Habitat Supervisor and owns its service processes. Not meant to be called by "
        "hand:\n"
        "use `hab sup run`.\n\n"
        "Exit codes: 0 stopped as asked, 1 the supervisor could not be started or could not load\n"
        "the package it was started for, 2 wrong usage, 86 the supervisor gave up (the line above\n"
        "says why).\n";
    const auto size = std::strlen(text);
    return ::write(fd, text, size) == static_cast<ssize_t>(size) ? code : 1;
}

}  // namespace

int main(int argc, char** argv) {
    hab::UniqueFd background;
    if (argc > 3 && std::strcmp(argv[1], "daemon") == 0) {
        background = hab::launcher::become_daemon(argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (argc < 2) return usage(STDERR_FILENO, 2);
    const std::string first = argv[1];
    if (first == "--help" || first == "-h") return usage(STDOUT_FILENO, 0);
    if (first != "run") return usage(STDERR_FILENO, 2);
    try {
        hab::launcher::ServerOptions options;
        options.supervisor.push_back(supervisor_path());
        options.supervisor.insert(options.supervisor.end(), argv + 1, argv + argc);
        options.ready = [&background, notify = hab::launcher::take_notify_socket()] {
            hab::launcher::tell_up(background);
            background.reset();
            hab::launcher::tell_ready(notify);
        };
        options.pid_file = launcher_directory() + "/PID";
        options.mark_file = launcher_directory() + "/MARK";
        return hab::launcher::Server(std::move(options)).run();
    } catch (const std::exception& error) {
        report(std::string("ends because of an unexpected error: ") + error.what());
        return 1;
    }
}
