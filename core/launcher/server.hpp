// SPDX-License-Identifier: Apache-2.0
// The launcher itself: one loop over signals, the supervisor's socket and deadlines.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "launcher/child.hpp"
#include "launcher/messages.hpp"
#include "launcher/packet_socket.hpp"

namespace hab::launcher {

struct ServerOptions {
    std::vector<std::string> supervisor;            ///< argv of hab-sup
    std::string pid_file;                           ///< written once a supervisor is up
    std::chrono::milliseconds kill_after{8000};     ///< TERM to KILL for what is left at the end
    std::chrono::milliseconds respawn_delay{1000};  ///< between supervisors that die at once
};

/// Owns the service processes and starts supervisors until one ends for good.
class Server {
public:
    explicit Server(ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Runs to the end; the result is the launcher's exit code.
    [[nodiscard]] int run();

private:
    using Time = std::chrono::steady_clock::time_point;

    struct Service {
        std::string id;
        Child child;
        std::uint64_t started_ms = 0;
        std::optional<std::uint32_t> status;  ///< set once it has ended
    };

    void start();
    void wait(std::optional<Time> until);
    void on_signals();
    void on_packets();
    void handle(const Message& message);
    void handle(const Hello& hello);
    void handle(const Spawn& spawn);
    void handle(const Signal& signal);
    void handle(const Forget& forget);
    void reap();
    void service_ended(Service& service, std::uint32_t status);
    void supervisor_ended(std::uint32_t status);
    void ask_for_shutdown();
    void signal_supervisor(int number) const;
    void send(const Message& message, const std::vector<int>& fds = {});
    void write_pid_file();
    void kill_leftovers();
    [[nodiscard]] std::vector<pid_t> leftovers() const;

    ServerOptions options_;
    UniqueFd signals_;
    UniqueFd socket_;
    pid_t supervisor_ = -1;
    Time supervisor_started_{};
    bool supervisor_spoke_ = false;  ///< this one said Hello
    std::uint32_t generation_ = 0;   ///< how many of them did
    bool shutting_down_ = false;
    bool pid_file_written_ = false;
    std::optional<Time> respawn_at_;
    std::optional<int> exit_code_;
    std::map<pid_t, Service> services_;
};

}  // namespace hab::launcher
