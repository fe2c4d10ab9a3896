// SPDX-License-Identifier: Apache-2.0
// The supervisor's end of the channel to its launcher.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "launcher/messages.hpp"
#include "launcher/packet_socket.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// A process that the launcher owns, with what it gave us of it.
struct OwnedProcess {
    std::string service;
    std::int64_t pid = 0;
    WallTime started{};
    UniqueFd out;
    UniqueFd err;
    UniqueFd ready;  ///< readiness pipe; empty if it has none
    std::optional<ExitStatus> ended;
};

/// What the launcher tells on its own.
struct LauncherCallbacks {
    std::function<void(const std::string& service, std::int64_t pid, const ExitStatus&)> exited;
    std::function<void()> shutdown;
    /// The launcher is gone: nothing can be supervised any more.
    std::function<void()> lost;
};

/// Loop only. All answers come through the loop.
class LauncherLink {
public:
    /// `socket` is the descriptor that the launcher handed over.
    LauncherLink(boost::asio::io_context& loop, UniqueFd socket);
    LauncherLink(const LauncherLink&) = delete;
    LauncherLink& operator=(const LauncherLink&) = delete;

    /// From HAB_LAUNCHER_FD; throws unsupported when this process was not started by hab-launch.
    [[nodiscard]] static UniqueFd socket_from_environment();

    /// Says hello and reads the list of processes; waits for at most `limit`. Throws io / timeout.
    [[nodiscard]] std::vector<OwnedProcess> connect(std::chrono::milliseconds limit);
    /// Begins to listen.
    void listen(LauncherCallbacks callbacks);

    using SpawnDone = std::function<void(OwnedProcess process, const Error* error)>;
    void spawn(launcher::Spawn request, SpawnDone done);
    void signal(std::int64_t pid, int number);
    /// The exit of that process has been dealt with.
    void forget(std::int64_t pid);
    /// What the next supervisor of this launcher is to know about a service; empty: nothing.
    void remember(const std::string& service, std::string text);
    /// What the last one left for us. Valid after connect(); empty if nothing.
    [[nodiscard]] std::string remembered(const std::string& service) const;
    /// The gateways listen and the services are looked after.
    void ready();
    /// 1 for the first supervisor of its launcher; more after a restart. Valid after connect().
    [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }

private:
    void wait();
    void on_readable();
    void handle(launcher::Packet& packet);
    void spawned(const launcher::Spawned& answer, std::vector<UniqueFd>& fds);
    void send(const launcher::Message& message);
    [[nodiscard]] launcher::Packet receive_blocking(SteadyTime deadline);

    boost::asio::posix::stream_descriptor socket_;
    LauncherCallbacks callbacks_;
    std::uint64_t next_request_ = 1;
    struct Pending {
        std::string service;
        SpawnDone done;
    };
    std::map<std::uint64_t, Pending> pending_;
    std::uint32_t generation_ = 0;
    std::map<std::string, std::string> notes_;
};

/// From a wait status.
[[nodiscard]] ExitStatus exit_status(std::uint32_t wait_status) noexcept;

}  // namespace hab::supervisor
