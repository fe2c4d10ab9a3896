// SPDX-License-Identifier: Apache-2.0
// As a daemon, below init systems, and as process 1 of a container.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <utility>

#include "base/strings.hpp"
#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> free_ports{"--listen-http", "127.0.0.1:0", "--listen-ctl",
                                          "127.0.0.1:0"};

UniqueFd datagram_socket(const std::string& path) {
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const bool bound =
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return bound ? std::move(socket) : UniqueFd();
}

std::string receive(const UniqueFd& socket) {
    pollfd source{socket.get(), POLLIN, 0};
    char buffer[512];
    if (::poll(&source, 1, 60'000) != 1) return "nothing came";
    const auto size = ::recv(socket.get(), buffer, sizeof buffer, 0);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
}

class Boot : public GatewayTest {
protected:
    void TearDown() override {
        if (launcher() > 0) {
            EXPECT_EQ(hab({"sup", "term"}).exit_code, 0);
        }
        GatewayTest::TearDown();
    }
    static pid_t launcher() { return std::atoi(read("/hab/launcher/PID").c_str()); }
    static RunResult daemon(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"sup", "run", "--daemon"};
        words.insert(words.end(), free_ports.begin(), free_ports.end());
        words.insert(words.end(), more.begin(), more.end());
        return hab(words);
    }
    static RunResult init(const std::string& word) {
        return run({(source_dir() / "scripts/boot/hab-supervisor.init").string(), word},
                   {.env = {{"HAB", program("bin/hab").string()},
                            {"OPTIONS", "--listen-http 127.0.0.1:0 --listen-ctl 127.0.0.1:0"}}});
    }
};

TEST_F(Boot, ADaemonReturnsOnceItIsUpAndLogsToItsFile) {
    long_running("tide");
    const auto result = daemon({"acme/tide"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
    EXPECT_TRUE(alive(launcher()));
    EXPECT_TRUE(fs::exists("/hab/sup/default/listen.json")) << "it listens by now";
    EXPECT_TRUE(eventually([] {
        return read("/hab/sup/default/sup.log").find("tide.default(O): running") !=
               std::string::npos;
    }));
    EXPECT_EQ(hab({"svc", "stop", "acme/tide"}).exit_code, 0);
    const pid_t pid = launcher();
    EXPECT_EQ(hab({"sup", "term"}).exit_code, 0);
    EXPECT_FALSE(alive(pid));
    EXPECT_FALSE(fs::exists("/hab/launcher/PID"));
    EXPECT_FALSE(fs::exists("/hab/launcher/MARK"));
}

TEST_F(Boot, ADaemonThatCannotStartTellsWhyAndItsCode) {
    auto result = daemon({"--sys-ip-address", "1.2.3.4", "--listen-http", "256.1.1.1:1"});
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr("256.1.1.1"));
    ASSERT_EQ(daemon({"--log-file", "/hab/log/own.log"}).exit_code, 0);
    EXPECT_TRUE(fs::exists("/hab/log/own.log"));
    result = daemon();
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("one runs already on this machine"));
    EXPECT_EQ(hab({"sup", "run", "--log-file", "x"}).exit_code, 2) << "without --daemon";
}

TEST_F(Boot, TermAlsoStopsALauncherWhoseSupervisorIsDeadJustNow) {
    ASSERT_EQ(daemon().exit_code, 0);
    const pid_t pid = launcher();
    const auto supervisor = [&] {
        const auto out = run({"pgrep", "-P", std::to_string(pid), "-x", "hab-sup"}).out;
        return std::atoi(out.c_str());
    };
    const pid_t first = supervisor();
    ASSERT_GT(first, 0);
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return supervisor() > 0 && supervisor() != first; }));
    ASSERT_EQ(::kill(supervisor(), SIGKILL), 0);  // the second death waits a second
    const auto result = hab({"sup", "term"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_FALSE(alive(pid));
}

TEST_F(Boot, APortInUseIsToldByTheDaemonToo) {
    const int port = free_port();
    Background blocker({program("tests/misbehave").string(), "listen", std::to_string(port), "say",
                        "listening", "sleep-forever"});
    ASSERT_TRUE(
        eventually([&] { return blocker.output().find("listening") != std::string::npos; }));
    const auto address = fmt::format("127.0.0.1:{}", port);
    const auto result =
        hab({"sup", "run", "--daemon", "--listen-ctl", "127.0.0.1:0", "--listen-http", address});
    EXPECT_EQ(result.exit_code, 86);
    EXPECT_THAT(result.err, HasSubstr(address));
}

TEST_F(Boot, TheSystemVScriptStartsAndStops) {
    EXPECT_EQ(init("status").exit_code, 3);
    EXPECT_EQ(init("stop").exit_code, 0) << "nothing to stop is fine";
    ASSERT_EQ(init("start").exit_code, 0);
    const pid_t first = launcher();
    EXPECT_TRUE(alive(first));
    EXPECT_EQ(init("start").exit_code, 0) << "it runs already";
    EXPECT_EQ(launcher(), first);
    EXPECT_EQ(init("status").exit_code, 0);
    EXPECT_EQ(init("reload").exit_code, 0);
    EXPECT_EQ(init("restart").exit_code, 0);
    EXPECT_NE(launcher(), first);
    EXPECT_TRUE(alive(launcher()));
    EXPECT_EQ(init("stop").exit_code, 0);
    EXPECT_EQ(init("status").exit_code, 3);
    EXPECT_EQ(init("dance").exit_code, 2);
}

TEST_F(Boot, SystemdTakesTheUnit) {
    HAB_REQUIRE(run({"sh", "-c", "command -v systemd-analyze"}).exit_code == 0,
                "systemd-analyze is not installed (package systemd)");
    auto unit = read(source_dir() / "scripts/boot/hab-supervisor.service");
    const std::string installed = "/usr/bin/hab";
    unit.replace(unit.find(installed), installed.size(), program("bin/hab").string());
    write("/hab/unit/hab-supervisor.service", unit);
    const auto result = run({"systemd-analyze", "verify", "/hab/unit/hab-supervisor.service"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err.find("hab-supervisor.service:"), std::string::npos) << result.err;
}

TEST_F(Boot, AServiceManagerIsToldWhenItIsUp) {
    const UniqueFd socket = datagram_socket("/hab/notify");
    ASSERT_TRUE(socket);
    long_running("tide");
    start({"acme/tide"}, {.env = {{"NOTIFY_SOCKET", "/hab/notify"}}});
    const auto text = receive(socket);
    EXPECT_THAT(text, HasSubstr("READY=1"));
    EXPECT_THAT(text, HasSubstr(fmt::format("MAINPID={}", sup_->pid())));
    const auto pid = up("tide");
    EXPECT_EQ(read(fmt::format("/proc/{}/environ", pid)).find("NOTIFY_SOCKET"), std::string::npos)
        << "it is not the services'";
}

TEST_F(Boot, AsProcessOneItReapsAndPassesTheStopOn) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\n(sh -c 'exit 0' & sh -c 'exit 0' & exec touch "
                      "{{pkg.svc_data_path}}/orphaned) &\n"
                      "exec {{pkg.path}}/bin/misbehave on-term "
                      "{{pkg.svc_data_path}}/term say running sleep-forever\n"},
                     {"hooks/post-stop", "#!/bin/sh\necho stopped in order\n"}});
    std::vector<std::string> words{"unshare",      "--pid",
                                   "--fork",       "--mount-proc",
                                   "--kill-child", program("libexec/hab/hab-launch").string(),
                                   "run",          "acme/tide"};
    words.insert(words.end(), free_ports.begin(), free_ports.end());
    sup_ = std::make_unique<Background>(words);
    ASSERT_TRUE(logged("tide.default(O): running")) << log();
    EXPECT_EQ(read("/hab/launcher/PID"), "1");
    const auto one = run({"pgrep", "-P", std::to_string(sup_->pid())}).out;
    const pid_t init = std::atoi(one.c_str());
    ASSERT_GT(init, 0);
    ASSERT_TRUE(eventually([] { return fs::exists("/hab/svc/tide/data/orphaned"); })) << log();
    const auto all_alive = [&] {
        const auto list = run({"ps", "--ppid", std::to_string(init), "-o", "stat="}).out;
        return !list.empty() && list.find('Z') == std::string::npos;
    };
    EXPECT_TRUE(eventually(all_alive)) << log();
    ASSERT_EQ(::kill(init, SIGTERM), 0);
    EXPECT_EQ(sup_->wait(), 0) << log();
    EXPECT_TRUE(fs::exists("/hab/svc/tide/data/term")) << "the service saw TERM";
    EXPECT_THAT(log(), HasSubstr("stopped in order"));
    fs::remove("/hab/launcher/PID");  // names a process of that namespace
}

}  // namespace
}  // namespace hab::test
