// SPDX-License-Identifier: Apache-2.0
#include "ring_fixture.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <sstream>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"

namespace hab::test {

void RingOfSupervisors::SetUp() {
    WorldTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    hosts_.emplace(most_hosts);
}

void RingOfSupervisors::TearDown() {
    for (const auto& sup : sups_) {
        if (sup && !sup->wait(std::chrono::seconds(0))) ::kill(sup->pid(), SIGTERM);
    }
    for (int host = 0; host < most_hosts; ++host) {
        if (!sups_[host]) continue;
        EXPECT_TRUE(sups_[host]->wait()) << log(host);
        EXPECT_EQ(log(host).find("Sanitizer"), std::string::npos) << log(host);
        sups_[host].reset();
    }
    hosts_.reset();
    WorldTest::TearDown();
}

fs::path RingOfSupervisors::hab_of(int host) {
    return fs::path("/hab/.hosts") / fmt::format("hab-host-{}", host);
}

std::string RingOfSupervisors::read(const fs::path& path) {
    return read_file_if_exists(path).value_or("");
}

void RingOfSupervisors::write_text(const fs::path& path, const std::string& text) {
    write_file_atomic(path, text);
}

bool RingOfSupervisors::file_becomes(const fs::path& path, const std::string& text) {
    const bool came = eventually([&] { return read(path) == text; });
    EXPECT_EQ(read(path), text) << path;
    return came;
}

void RingOfSupervisors::package(int host, const std::string& name, const Files& files) {
    const std::string ident = fmt::format("acme/{}/1.0.0/20260101000000", name);
    const fs::path dir = hab_of(host) / "pkgs" / ident;
    make_directories(dir / "bin");
    write_file_atomic(dir / "IDENT", ident + "\n");
    write_file_atomic(dir / "TARGET", "x86_64-linux\n");
    fs::copy_file(program("tests/misbehave"), dir / "bin/misbehave",
                  fs::copy_options::overwrite_existing);
    for (const auto& [path, content] : files) {
        make_directories((dir / path).parent_path());
        write_file_atomic(dir / path, content);
        if (path.starts_with("hooks/")) ::chmod((dir / path).c_str(), 0755);
    }
}

void RingOfSupervisors::start(int host, const std::vector<std::string>& more) {
    std::vector<std::string> words{program("libexec/hab/hab-launch").string(),
                                   "run",
                                   "--sys-ip-address",
                                   Hosts::address(host),
                                   "--listen-http",
                                   "127.0.0.1:0",
                                   "--listen-ctl",
                                   "127.0.0.1:0"};
    if (host != 0) words.insert(words.end(), {"--peer", Hosts::address(0)});
    words.insert(words.end(), more.begin(), more.end());
    fs::remove(hab_of(host) / "sup/default/listen.json");
    sups_[host] = std::make_unique<Background>(hosts_->on(host, words));
    ASSERT_TRUE(eventually([&] { return fs::exists(hab_of(host) / "sup/default/listen.json"); }))
        << log(host);
}

std::string RingOfSupervisors::log(int host) {
    return sups_[host] ? sups_[host]->output() : std::string();
}

bool RingOfSupervisors::logged(int host, const std::string& text) {
    return eventually([&] { return log(host).find(text) != std::string::npos; });
}

RunResult RingOfSupervisors::hab(int host, const std::vector<std::string>& words,
                                 const std::string& input) {
    std::vector<std::string> all{program("bin/hab").string()};
    all.insert(all.end(), words.begin(), words.end());
    RunOptions options;
    options.input = input;
    return run(hosts_->on(host, all), options);
}

Value RingOfSupervisors::ring(int host) {
    const auto answer = hab(host, {"ring", "status", "--format", "json"});
    return answer.exit_code == 0 ? parse_json(answer.out, "the ring's status") : Value();
}

std::string RingOfSupervisors::member_id(int host) {
    return std::string(trim(read(hab_of(host) / "sup/default/MEMBER_ID")));
}

std::string RingOfSupervisors::health(int host, int other) {
    const Value status = ring(host);
    const Value* const members = status.at_path("members");
    if (members == nullptr || members->as_array() == nullptr) return {};
    for (const Value& member : *members->as_array()) {
        if (*member.at_path("id")->as_string() == member_id(other))
            return *member.at_path("health")->as_string();
    }
    return {};
}

bool RingOfSupervisors::becomes(int host, int other, const std::string& wanted) {
    const bool came = eventually([&] { return health(host, other) == wanted; });
    EXPECT_TRUE(came) << "member " << other << " is '" << health(host, other) << "' to " << host
                      << "\n"
                      << log(host);
    return came;
}

pid_t RingOfSupervisors::supervisor_pid(int host) const {
    std::istringstream children(
        read(fmt::format("/proc/{0}/task/{0}/children", sups_[host]->pid())));
    for (pid_t pid = 0; children >> pid;) {
        if (trim(read(fmt::format("/proc/{}/comm", pid))) == "hab-sup") return pid;
    }
    return 0;
}

void RingOfSupervisors::kill_host(int host) {
    const pid_t sup = supervisor_pid(host);
    std::istringstream children(
        read(fmt::format("/proc/{0}/task/{0}/children", sups_[host]->pid())));
    ::kill(sups_[host]->pid(), SIGSTOP);  // or it would start another one
    ::kill(sup, SIGKILL);
    for (pid_t pid = 0; children >> pid;)
        ::kill(pid, SIGKILL);
    ::kill(sups_[host]->pid(), SIGKILL);
    (void)sups_[host]->wait();
    sups_[host].reset();
}

}  // namespace hab::test
