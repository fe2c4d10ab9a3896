// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/run_words.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "cli/svc/settings.hpp"
#include "supervisor/run_options.hpp"

namespace hab::cli {
namespace {

constexpr std::array options = {
    OptionSpec{"listen-http",
               '\0',
               OptionKind::value,
               "HOST:PORT",
               "HTTP gateway; port 0 takes a free one [default: 0.0.0.0:9631]",
               "HAB_LISTEN_HTTP",
               {}},
    OptionSpec{"http-disable", 'D', OptionKind::flag, {}, "No HTTP gateway", {}, {}},
    OptionSpec{"key",
               '\0',
               OptionKind::value,
               "FILE",
               "Private key of the HTTP gateway, PEM: it speaks TLS then; with --certs",
               {},
               {}},
    OptionSpec{"certs",
               '\0',
               OptionKind::value,
               "FILE",
               "Its certificate, and those between it and the root",
               {},
               {}},
    OptionSpec{"ca-certs",
               '\0',
               OptionKind::value,
               "FILE",
               "Clients of the HTTP gateway must show a certificate that one of these signed",
               {},
               {}},
    OptionSpec{"listen-ctl",
               '\0',
               OptionKind::value,
               "HOST:PORT",
               "Control gateway; port 0 takes a free one [default: 127.0.0.1:9632]",
               "HAB_LISTEN_CTL",
               {}},
    OptionSpec{"listen-gossip",
               '\0',
               OptionKind::value,
               "HOST:PORT",
               "The ring, UDP and TCP; port 0 takes free ones [default: 0.0.0.0:9638]",
               "HAB_LISTEN_GOSSIP",
               {}},
    OptionSpec{"local-gossip-mode",
               '\0',
               OptionKind::flag,
               {},
               "Nobody can join: the ring listens on 127.0.0.2:9638",
               {},
               {}},
    OptionSpec{"peer",
               '\0',
               OptionKind::list,
               "HOST[:PORT]",
               "A supervisor to join the ring through; repeatable",
               {},
               {}},
    OptionSpec{"peer-watch-file",
               '\0',
               OptionKind::value,
               "FILE",
               "Such peers, one a line; read when it changes, too",
               {},
               {}},
    OptionSpec{"permanent-peer",
               'I',
               OptionKind::flag,
               {},
               "The others never give this supervisor up",
               {},
               {}},
    OptionSpec{"ring",
               'r',
               OptionKind::value,
               "RING",
               "The ring whose newest key is used",
               "HAB_RING",
               {}},
    OptionSpec{"ring-strict",
               '\0',
               OptionKind::flag,
               {},
               "Refuse to start unless the ring is strict",
               {},
               {}},
    OptionSpec{"cache-key-path",
               '\0',
               OptionKind::value,
               "DIR",
               "Where keys are",
               "HAB_CACHE_KEY_PATH",
               {}},
    OptionSpec{"ctl-server-key",
               '\0',
               OptionKind::value,
               "PATH",
               "Key of the control gateway, PEM, or its directory: it speaks TLS then",
               {},
               {}},
    OptionSpec{"ctl-server-certificate",
               '\0',
               OptionKind::value,
               "PATH",
               "Its certificate, or the directory of it",
               {},
               {}},
    OptionSpec{"ctl-client-ca-certificate",
               '\0',
               OptionKind::value,
               "PATH",
               "Clients must show a certificate that this has signed",
               {},
               {}},
    OptionSpec{"sys-ip-address",
               '\0',
               OptionKind::value,
               "IP",
               "Address of this machine in templates [default: that of the default route]",
               {},
               {}},
    OptionSpec{"service-min-backoff-period",
               '\0',
               OptionKind::value,
               "SECONDS",
               "Shortest wait before a failed service is restarted",
               {},
               {}},
    OptionSpec{"service-max-backoff-period",
               '\0',
               OptionKind::value,
               "SECONDS",
               "Longest such wait",
               {},
               {}},
    OptionSpec{"service-restart-cooldown-period",
               '\0',
               OptionKind::value,
               "SECONDS",
               "Running time after which the wait is short again [default: 300]",
               {},
               {}},
    OptionSpec{"no-color", '\0', OptionKind::flag, {}, "No colours", {}, {}},
    OptionSpec{"json-logging", '\0', OptionKind::flag, {}, "One JSON object per log line", {}, {}},
    OptionSpec{"verbose", 'v', OptionKind::flag, {}, "Say more", {}, {}},
};

std::string launcher_path() {
    if (const char* named = std::getenv("HAB_LAUNCH_BINARY"); named != nullptr && *named != '\0') {
        return named;
    }
    return (install_prefix() / "libexec/hab/hab-launch").string();
}

}  // namespace

std::span<const OptionSpec> supervisor_options() {
    return options;
}

std::vector<std::string> run_words(const Arguments& args, const std::string& package) {
    std::vector<std::string> words;
    for (const OptionSpec& option : options) {
        if (args.source(option.name) != ValueSource::command_line) continue;
        if (option.name == "verbose") {
            words.emplace_back("-v");  // hab-sup has, like upstream, no long form
        } else if (option.kind == OptionKind::flag) {
            words.push_back(fmt::format("--{}", option.name));
        } else if (option.kind == OptionKind::list) {
            for (const std::string& value : args.all(option.name))
                words.push_back(fmt::format("--{}={}", option.name, value));
        } else {
            words.push_back(fmt::format("--{}={}", option.name, args.require(option.name)));
        }
    }
    const auto settings = setting_words(args);
    words.insert(words.end(), settings.begin(), settings.end());
    if (!package.empty()) words.push_back(package);
    (void)supervisor::parse_run_options(words);
    return words;
}

void become_launcher(const std::vector<std::string>& words, const std::string& daemon_log) {
    std::string path = launcher_path();
    std::vector<std::string> copies;
    if (!daemon_log.empty()) copies = {"daemon", daemon_log};
    copies.emplace_back("run");
    copies.insert(copies.end(), words.begin(), words.end());
    std::vector<char*> argv{path.data()};
    for (std::string& word : copies)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(path.c_str(), argv.data());
    throw Error::from_errno("cannot start the launcher " + path)
        .with_hint("Reinstall hab, or set HAB_LAUNCH_BINARY to the path of hab-launch.");
}

}  // namespace hab::cli
