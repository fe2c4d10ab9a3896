// SPDX-License-Identifier: Apache-2.0
#include "supervisor/run_options.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <functional>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::supervisor {
namespace {

constexpr std::uint16_t http_port = 9631;
constexpr std::uint16_t ctl_port = 9632;

struct Flag {
    std::string_view name;
    char letter;
    std::string_view value;  ///< placeholder; empty: takes none
    std::string_view help;
    void (*apply)(RunOptions&, const std::string&);
};

std::chrono::seconds seconds_of(std::string_view flag, const std::string& text) {
    const auto number = parse_u64(text);
    if (!number || *number > 1'000'000'000) {
        throw Error(ErrorCode::usage,
                    fmt::format("--{} needs a number of seconds, not '{}'", flag, text));
    }
    return std::chrono::seconds(static_cast<long>(*number));
}

void set_limit(RunOptions& options, std::string_view name, const std::string& text) {
    try {
        package::set_limit(options.load.limits, name, text);
    } catch (const Error& error) {
        throw Error(ErrorCode::usage, error.message(), error.hint());
    }
}

/// As upstream's, it takes a list, too.
void add_peers(RunOptions& options, const std::string& text) {
    for (const std::string_view peer : split(text, ',')) {
        if (!trim(peer).empty()) options.ring.peers.emplace_back(trim(peer));
    }
}

constexpr auto flags =
    std::to_array<Flag>({
        {"listen-http", '\0', "ADDRESS",
         "HTTP gateway [HAB_LISTEN_HTTP, 0.0.0.0:9631]; port 0: any",
         [](RunOptions& o, const std::string& v) {
             o.listen_http = net::Endpoint::parse(v, http_port, "--listen-http");
         }},
        {"http-disable", 'D', "", "no HTTP gateway",
         [](RunOptions& o, const std::string&) { o.listen_http.reset(); }},
        {"key", '\0', "FILE",
         "private key of the HTTP gateway, PEM: it speaks TLS then; needs --certs",
         [](RunOptions& o, const std::string& v) { o.http_tls.key = v; }},
        {"certs", '\0', "FILE", "its certificate, and those between it and the root",
         [](RunOptions& o, const std::string& v) { o.http_tls.certificates = v; }},
        {"ca-certs", '\0', "FILE", "clients must show a certificate that one of these has signed",
         [](RunOptions& o, const std::string& v) { o.http_tls.client_ca = v; }},
        {"listen-ctl", '\0', "ADDRESS",
         "control gateway [HAB_LISTEN_CTL, 127.0.0.1:9632]; port 0: any",
         [](RunOptions& o, const std::string& v) {
             o.listen_ctl = net::Endpoint::parse(v, ctl_port, "--listen-ctl");
         }},
        {"ctl-server-key", '\0', "PATH",
         "private key of the control gateway, PEM, or its directory: it speaks TLS then",
         [](RunOptions& o, const std::string& v) { o.ctl_tls.key = v; }},
        {"ctl-server-certificate", '\0', "PATH", "its certificate, or the directory of it",
         [](RunOptions& o, const std::string& v) { o.ctl_tls.certificates = v; }},
        {"ctl-client-ca-certificate", '\0', "PATH",
         "clients of the control gateway must show a certificate that this has signed",
         [](RunOptions& o, const std::string& v) { o.ctl_tls.client_ca = v; }},
        {"listen-gossip", '\0', "ADDRESS",
         "the ring, UDP and TCP [HAB_LISTEN_GOSSIP, 0.0.0.0:9638]; port 0: any",
         [](RunOptions& o, const std::string& v) {
             o.ring.listen = net::Endpoint::parse(v, gossip_port, "--listen-gossip");
         }},
        {"local-gossip-mode", '\0', "", "nobody can join: the ring listens on 127.0.0.2:9638",
         [](RunOptions& o, const std::string&) {
             o.ring.listen = net::Endpoint{"127.0.0.2", gossip_port, {}};
         }},
        {"peer", '\0', "ADDRESS", "a supervisor to join the ring through, HOST[:9638]; repeatable",
         [](RunOptions& o, const std::string& v) { add_peers(o, v); }},
        {"peer-watch-file", '\0', "FILE", "such addresses, one a line; read when it changes, too",
         [](RunOptions& o, const std::string& v) { o.ring.peer_watch_file = v; }},
        {"permanent-peer", 'I', "", "the others never give this supervisor up",
         [](RunOptions& o, const std::string&) { o.ring.permanent_peer = true; }},
        {"ring", 'r', "RING", "the ring whose newest key is used [HAB_RING]; or RING-REVISION",
         [](RunOptions& o, const std::string& v) { o.ring.ring = v; }},
        {"ring-key", '\0', "TEXT", "text of a ring key [HAB_RING_KEY]",
         [](RunOptions& o, const std::string& v) { o.ring.ring_key = v; }},
        {"ring-strict", '\0', "", "refuse to start unless the ring is strict",
         [](RunOptions& o, const std::string&) { o.ring.strict = true; }},
        {"cache-key-path", '\0', "DIR", "where keys are [HAB_CACHE_KEY_PATH]",
         [](RunOptions& o, const std::string& v) { o.ring.key_dir = v; }},
        {"sys-ip-address", '\0', "IP",
         "address of this machine for templates (default: of its default route)",
         [](RunOptions& o, const std::string& v) { o.sys_ip_address = v; }},
        {"service-min-backoff-period", '\0', "SECONDS",
         "shortest wait before a failed service is restarted",
         [](RunOptions& o, const std::string& v) {
             o.min_backoff = seconds_of("service-min-backoff-period", v);
             o.explicit_backoff = true;
         }},
        {"service-max-backoff-period", '\0', "SECONDS", "longest such wait",
         [](RunOptions& o, const std::string& v) {
             o.max_backoff = seconds_of("service-max-backoff-period", v);
             o.explicit_backoff = true;
         }},
        {"service-restart-cooldown-period", '\0', "SECONDS",
         "time after which a running service counts as healthy [300]",
         [](RunOptions& o, const std::string& v) {
             o.cooldown = seconds_of("service-restart-cooldown-period", v);
         }},
        {"no-color", '\0', "", "no colours on the terminal",
         [](RunOptions& o, const std::string&) { o.no_color = true; }},
        {"json-logging", '\0', "", "one JSON object per line",
         [](RunOptions& o, const std::string&) { o.json_logging = true; }},
        {"", 'v', "", "say more", [](RunOptions& o, const std::string&) { o.verbose = true; }},
        {"name", '\0', "NAME", "name of the service [that of PKG]",
         [](RunOptions& o, const std::string& v) { o.load.name = v; }},
        {"group", '\0', "GROUP", "service group of PKG [default]",
         [](RunOptions& o, const std::string& v) { o.load.group = v; }},
        {"topology", 't', "TOPOLOGY", "topology of PKG [standalone]",
         [](RunOptions& o, const std::string& v) { o.load.topology = v; }},
        {"strategy", 's', "STRATEGY", "update strategy of PKG: none, at-once, rolling [none]",
         [](RunOptions& o, const std::string& v) { o.load.update_strategy = v; }},
        {"update-condition", '\0', "CONDITION", "latest or track-channel [latest]",
         [](RunOptions& o, const std::string& v) { o.load.update_condition = v; }},
        {"bind", '\0', "BIND", "NAME:SERVICE.GROUP, repeatable",
         [](RunOptions& o, const std::string& v) {
             if (!o.load.binds) o.load.binds.emplace();
             o.load.binds->push_back(v);
         }},
        {"binding-mode", '\0', "MODE", "strict or relaxed [strict]",
         [](RunOptions& o, const std::string& v) { o.load.binding_mode = v; }},
        {"channel", '\0', "CHANNEL", "channel of PKG [stable]",
         [](RunOptions& o, const std::string& v) { o.load.channel = v; }},
        {"url", 'u', "URL", "depot of PKG",
         [](RunOptions& o, const std::string& v) { o.load.bldr_url = v; }},
        {"config-from", '\0', "DIR", "use default.toml, config and hooks of this directory",
         [](RunOptions& o, const std::string& v) { o.load.config_from = v; }},
        {"health-check-interval", '\0', "SECONDS", "time between health checks [30]",
         [](RunOptions& o, const std::string& v) {
             o.load.health_check_interval = seconds_of("health-check-interval", v);
         }},
        {"shutdown-timeout", '\0', "SECONDS", "time for the process to stop before it is killed",
         [](RunOptions& o, const std::string& v) {
             o.load.shutdown_timeout =
                 static_cast<std::uint32_t>(seconds_of("shutdown-timeout", v).count());
         }},
        {"limit-memory", '\0', "BYTES", "memory of the service: 512M",
         [](RunOptions& o, const std::string& v) { set_limit(o, "memory", v); }},
        {"limit-open-files", '\0', "N", "open files of each of its processes",
         [](RunOptions& o, const std::string& v) { set_limit(o, "open_files", v); }},
        {"limit-pids", '\0', "N", "its processes and threads",
         [](RunOptions& o, const std::string& v) { set_limit(o, "pids", v); }},
        {"limit-cpu", '\0', "PERCENT", "its processor time: 50%",
         [](RunOptions& o, const std::string& v) { set_limit(o, "cpu", v); }},
    });

/// Walks the words; knows how values follow their flags.
class Words {
public:
    explicit Words(std::span<const std::string> words) : words_(words) {}

    [[nodiscard]] bool done() const { return at_ == words_.size(); }
    const std::string& next() { return words_[at_++]; }
    std::string value(const std::string& word, const std::optional<std::string>& attached) {
        if (attached) return *attached;
        if (done()) {
            throw Error(ErrorCode::usage, fmt::format("{} needs a value", word),
                        "`hab sup run --help` lists the options");
        }
        return next();
    }

private:
    std::span<const std::string> words_;
    std::size_t at_ = 0;
};

const Flag& find_flag(const std::string& word, std::string_view name, char letter) {
    for (const auto& flag : flags) {
        if ((!name.empty() && flag.name == name) || (letter != '\0' && flag.letter == letter)) {
            return flag;
        }
    }
    throw Error(ErrorCode::usage, fmt::format("hab sup run does not know the option {}", word),
                "`hab sup run --help` lists the options");
}

void apply_option(RunOptions& options, Words& words, const std::string& word) {
    std::optional<std::string> attached;
    std::string_view name;
    char letter = '\0';
    if (word.starts_with("--")) {
        name = std::string_view(word).substr(2);
        if (const auto equals = name.find('='); equals != std::string_view::npos) {
            attached = std::string(name.substr(equals + 1));
            name = name.substr(0, equals);
        }
    } else {
        letter = word[1];
        if (word.size() > 2) attached = word.substr(2);
    }
    const Flag& flag = find_flag(word, name, letter);
    if (!flag.value.empty()) {
        flag.apply(options, words.value(word, attached));
    } else if (attached) {
        throw Error(ErrorCode::usage, fmt::format("the option {} takes no value", word));
    } else {
        flag.apply(options, {});
    }
}

/// The last three: names of the options.
void check_tls(const net::TlsServerFiles& tls, std::string_view key, std::string_view certificates,
               std::string_view client_ca) {
    if (tls.key.empty() != tls.certificates.empty()) {
        const bool no_key = tls.key.empty();
        throw Error(ErrorCode::usage,
                    fmt::format("--{} was given without --{}", no_key ? certificates : key,
                                no_key ? key : certificates),
                    "TLS needs both");
    }
    if (!tls.client_ca.empty() && tls.key.empty()) {
        throw Error(
            ErrorCode::usage,
            fmt::format("--{} was given without --{} and --{}", client_ca, key, certificates),
            "clients can show certificates only over TLS");
    }
}

std::string environment_or(const char* name, std::string fallback) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? std::string(value) : fallback;
}

}  // namespace

RunOptions parse_run_options(std::span<const std::string> arguments) {
    RunOptions options;
    options.listen_http = net::Endpoint::parse(environment_or("HAB_LISTEN_HTTP", "0.0.0.0:9631"),
                                               http_port, "HAB_LISTEN_HTTP");
    options.listen_ctl = net::Endpoint::parse(environment_or("HAB_LISTEN_CTL", "127.0.0.1:9632"),
                                              ctl_port, "HAB_LISTEN_CTL");
    options.ring.listen = net::Endpoint::parse(environment_or("HAB_LISTEN_GOSSIP", "0.0.0.0:9638"),
                                               gossip_port, "HAB_LISTEN_GOSSIP");
    options.ring.ring = environment_or("HAB_RING", "");
    options.ring.ring_key = environment_or("HAB_RING_KEY", "");
    Words words(arguments);
    while (!words.done()) {
        const std::string& word = words.next();
        if (word.size() > 1 && word.front() == '-') {
            apply_option(options, words, word);
        } else if (options.package.empty()) {
            options.package = word;
        } else {
            throw Error(ErrorCode::usage,
                        fmt::format("hab sup run takes one package, but got '{}' and '{}'",
                                    options.package, word),
                        "load the others with `hab svc load`");
        }
    }
    (void)listen_address(options.ring.listen);
    check_tls(options.http_tls, "key", "certs", "ca-certs");
    check_tls(options.ctl_tls, "ctl-server-key", "ctl-server-certificate",
              "ctl-client-ca-certificate");
    return options;
}

std::string run_options_help() {
    std::string text =
        "Usage: hab sup run [OPTIONS] [PKG_IDENT_OR_ARTIFACT]\n\nRuns the Habitat Supervisor.\n\n"
        "Options:\n";
    for (const auto& flag : flags) {
        std::string left =
            flag.letter != '\0' ? fmt::format("-{}", flag.letter) : std::string("  ");
        if (!flag.name.empty())
            left += fmt::format("{}--{}", flag.letter != '\0' ? ", " : "  ", flag.name);
        if (!flag.value.empty()) left += fmt::format(" {}", flag.value);
        text += fmt::format("  {:<46} {}\n", left, flag.help);
    }
    return text;
}

}  // namespace hab::supervisor
