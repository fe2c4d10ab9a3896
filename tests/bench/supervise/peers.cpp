// SPDX-License-Identifier: Apache-2.0
#include "peers.hpp"

#include <sys/utsname.h>

#include <fstream>

#include "report.hpp"
#include "supervisor/spec.hpp"

namespace hab::bench {

namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text, bool executable = false) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    if (executable) fs::permissions(path, fs::perms(0755));
}

std::string service_name(std::size_t n) {
    return "s" + std::to_string(n);
}

std::string run_script(const Setup& setup, const std::string& prefix = {}) {
    return "#!" + setup.service.string() + " " + prefix + setup.fifo.string() + "\n";
}

/// Out of the way, and removed with everything else at the end: where many files have just been
/// removed, ext4 looks long for inodes for new ones, and the first start would be charged for it.
void put_away(const fs::path& path, const fs::path& old) {
    if (!fs::exists(path)) return;
    fs::create_directories(old);
    fs::rename(path, old / std::to_string(now_ns()));
}

/// A directory per service with a run script: daemontools, runit and s6 alike.
void prepare_scan_directory(const Setup& setup, std::size_t services) {
    put_away(setup.work / "scan", setup.work / "old");
    for (std::size_t n = 0; n < services; ++n)
        write(setup.work / "scan" / service_name(n) / "run", run_script(setup), true);
}

void prepare_supervisord(const Setup& setup, std::size_t services) {
    std::string text =
        "[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
        "minfds=8192\npidfile=" +
        (setup.work / "supervisord.pid").string() + "\n";
    for (std::size_t n = 0; n < services; ++n) {
        text += "[program:" + service_name(n) + "]\ncommand=" + setup.service.string() + " " +
                setup.fifo.string() + "\nautorestart=true\nstdout_logfile=NONE\n" +
                "stderr_logfile=NONE\n";
    }
    write(setup.work / "supervisord.conf", text);
}

void make_package(const Setup& setup, std::size_t n) {
    const std::string ident = "bench/" + service_name(n) + "/1.0/20260101000000";
    const fs::path dir = fs::path("/hab/pkgs") / ident;
    if (fs::exists(dir)) return;
    utsname machine{};
    ::uname(&machine);
    write(dir / "IDENT", ident + "\n");
    write(dir / "TARGET", std::string(machine.machine) + "-linux\n");
    write(dir / "SVC_USER", "root\n");
    write(dir / "SVC_GROUP", "root\n");
    write(dir / "default.toml", "word = \"none\"\n[listen]\nport = 8080\n");
    write(dir / "config/app.conf", "word = {{cfg.word}}\nlisten {{sys.ip}}:{{cfg.listen.port}}\n");
    write(dir / "hooks/run", run_script(setup), true);
    write(dir / "hooks/reconfigure", run_script(setup, "+"), true);
}

void prepare_ours(const Setup& setup, std::size_t services) {
    for (const char* part : {"sup", "svc", "user", "launcher"})
        put_away(fs::path("/hab") / part, "/hab/old");
    for (std::size_t n = 0; n < services; ++n) {
        make_package(setup, n);
        supervisor::ServiceSpec spec;
        spec.ident = package::Ident::parse("bench/" + service_name(n));
        write("/hab/sup/default/specs/" + service_name(n) + ".spec",
              supervisor::spec_to_toml(spec));
    }
}

std::vector<std::string> our_command(const Setup& setup) {
    return {(setup.build / "libexec/hab/hab-launch").string(),
            "run",
            "--listen-http",
            "127.0.0.1:0",
            "--listen-ctl",
            "127.0.0.1:0",
            "--listen-gossip",
            "127.0.0.1:0"};
}

Peer scanning(std::string name, std::vector<std::string> command) {
    return {std::move(name), prepare_scan_directory,
            [command = std::move(command)](const Setup& setup) {
                auto full = command;
                full.push_back((setup.work / "scan").string());
                return full;
            }};
}

}  // namespace

std::vector<Peer> all_peers() {
    return {{"hab", prepare_ours, our_command},
            scanning("daemontools", {"svscan"}),
            scanning("s6", {"s6-svscan", "-c", "2000"}),
            scanning("runit", {"runsvdir"}),
            {"supervisor", prepare_supervisord, [](const Setup& setup) {
                 return std::vector<std::string>{"supervisord", "-c",
                                                 (setup.work / "supervisord.conf").string()};
             }}};
}

fs::path user_toml(std::size_t n) {
    return fs::path("/hab/user") / service_name(n) / "config/user.toml";
}

fs::path rendered(std::size_t n) {
    return fs::path("/hab/svc") / service_name(n) / "config/app.conf";
}

}  // namespace hab::bench
