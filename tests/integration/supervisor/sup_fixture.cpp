// SPDX-License-Identifier: Apache-2.0
#include "sup_fixture.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"

namespace hab::test {

void SupervisorTest::write(const fs::path& path, const std::string& text) {
    // Atomic, as editors and tools do it: the supervisor must not see half a file.
    make_directories(path.parent_path());
    write_file_atomic(path, text);
}

std::string SupervisorTest::read(const fs::path& path) {
    // A process may end between the opening and the reading of its file in /proc: nothing, too.
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool SupervisorTest::alive(pid_t pid) {
    if (pid <= 0 || ::kill(pid, 0) != 0) return false;
    const auto stat = read(fmt::format("/proc/{}/stat", pid));
    return !stat.empty() && stat.find(") Z ") == std::string::npos;
}

bool SupervisorTest::any_alive(const std::string& program) {
    return run({"pgrep", "--runstates", "D,R,S", program}).exit_code == 0;
}

void SupervisorTest::TearDown() {
    if (sup_ && !sup_->wait(std::chrono::seconds(0))) {
        EXPECT_EQ(terminate(), 0) << log();
    }
    // The launcher's exit code does not tell what a sanitizer found in hab-sup.
    if (sup_) {
        EXPECT_EQ(log().find("Sanitizer"), std::string::npos) << log();
    }
    WorldTest::TearDown();
}

void SupervisorTest::package(const std::string& name, const Files& files) {
    const std::string ident = fmt::format("acme/{}/1.0.0/20260101000000", name);
    const fs::path dir = fs::path("/hab/pkgs") / ident;
    write(dir / "IDENT", ident + "\n");
    write(dir / "TARGET", "x86_64-linux\n");
    make_directories(dir / "bin");
    fs::copy_file(program("tests/misbehave"), dir / "bin/misbehave",
                  fs::copy_options::overwrite_existing);
    for (const auto& [path, content] : files) {
        write(dir / path, content);
        if (path.starts_with("hooks/")) ::chmod((dir / path).c_str(), 0755);
    }
}

void SupervisorTest::start(std::vector<std::string> arguments, const RunOptions& options) {
    std::vector<std::string> argv{program("libexec/hab/hab-launch").string(),
                                  "run",
                                  "--listen-http",
                                  "127.0.0.1:0",
                                  "--listen-ctl",
                                  "127.0.0.1:0"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    sup_ = std::make_unique<Background>(argv, options);
    ASSERT_TRUE(eventually([] { return fs::exists("/hab/sup/default/listen.json"); })) << log();
}

std::optional<int> SupervisorTest::terminate() {
    ::kill(sup_->pid(), SIGTERM);
    return sup_->wait();
}

bool SupervisorTest::logged(const std::string& text) {
    return eventually([&] { return log().find(text) != std::string::npos; });
}

std::size_t SupervisorTest::count(const std::string& text) {
    const auto all = log();
    std::size_t found = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1))
        ++found;
    return found;
}

HttpAnswer SupervisorTest::get(const std::string& path) {
    const auto listen = read("/hab/sup/default/listen.json");
    if (listen.empty()) return {};
    const Value document = parse_json(listen, "listen.json");
    const Value* http = document.at_path("http_gateway");
    const auto colon = http->as_string()->rfind(':');
    return http_get(std::stoi(http->as_string()->substr(colon + 1)), path);
}

Value SupervisorTest::service(const std::string& name) {
    const auto answer = get("/services/" + name + "/default");
    return answer.status == 200 ? parse_json(answer.body, "the gateway's answer") : Value();
}

std::optional<std::int64_t> SupervisorTest::number(const std::string& name,
                                                   const std::string& path) {
    const Value document = service(name);
    const Value* value = document.at_path(path);
    if (value == nullptr || value->as_int() == nullptr) return std::nullopt;
    return *value->as_int();
}

std::string SupervisorTest::text(const std::string& name, const std::string& path) {
    const Value document = service(name);
    const Value* value = document.at_path(path);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string() : "";
}

pid_t SupervisorTest::up(const std::string& name, pid_t old) {
    pid_t pid = 0;
    const bool came = eventually([&] {
        pid = static_cast<pid_t>(number(name, "process.pid").value_or(0));
        return pid > 0 && pid != old && alive(pid);
    });
    EXPECT_TRUE(came) << log();
    return came ? pid : 0;
}

bool SupervisorTest::down(const std::string& name) {
    return eventually([&] { return text(name, "process.state") == "down"; });
}

pid_t SupervisorTest::supervisor_pid() const {
    std::istringstream children(read(fmt::format("/proc/{0}/task/{0}/children", sup_->pid())));
    for (pid_t pid = 0; children >> pid;) {
        if (trim(read(fmt::format("/proc/{}/comm", pid))) == "hab-sup" && alive(pid)) return pid;
    }
    return 0;
}

}  // namespace hab::test
