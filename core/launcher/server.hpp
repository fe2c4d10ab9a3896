// SPDX-License-Identifier: Apache-2.0
// The launcher itself: one loop over signals, the supervisor's socket and deadlines.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "launcher/child.hpp"
#include "launcher/messages.hpp"
#include "launcher/packet_socket.hpp"

namespace hab::launcher {

/// When a supervisor that died is started again: the first time at once, then after waits that
/// double.
struct RespawnPolicy {
    std::chrono::milliseconds first_wait{1000};  ///< before the second start in a row
    std::chrono::milliseconds longest_wait{30'000};
    std::chrono::milliseconds healthy_after{
        10'000};  ///< who lived that long died for the first time

    /// The wait before the next start, after `failures` deaths in a row (at least 1).
    [[nodiscard]] std::chrono::milliseconds wait(unsigned failures) const noexcept {
        if (failures <= 1) return std::chrono::milliseconds(0);
        const auto doubled = first_wait * (1L << std::min(failures - 2, 20u));
        return std::min<std::chrono::milliseconds>(doubled, longest_wait);
    }
};

struct ServerOptions {
    std::vector<std::string> supervisor;         ///< argv of hab-sup
    std::string pid_file;                        ///< written once a supervisor is up
    std::string mark_file;                       ///< our mark, for a launcher after us
    std::chrono::milliseconds kill_after{8000};  ///< TERM to KILL for what is left at the end
    RespawnPolicy respawn;
    std::function<void()>
        ready;  ///< called once, when the first supervisor is at work; may be empty
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
    void handle(const Remember& note);
    void reap();
    void end_strays();
    void service_ended(Service& service, std::uint32_t status);
    void supervisor_ended(std::uint32_t status);
    void respawn(int status);
    void ask_for_shutdown();
    void signal_supervisor(int number) const;
    void send(const Message& message, const std::vector<int>& fds = {});
    void take_over_directory();
    bool write_file(const std::string& path, const std::string& text, unsigned mode) const;
    void kill_leftovers();
    [[nodiscard]] std::vector<pid_t> leftovers() const;

    ServerOptions options_;
    std::string mark_;
    UniqueFd signals_;
    UniqueFd socket_;
    pid_t supervisor_ = -1;
    Time supervisor_started_{};
    bool supervisor_spoke_ = false;  ///< this one said Hello
    std::uint32_t generation_ = 0;   ///< how many of them did
    bool shutting_down_ = false;
    bool directory_is_ours_ = false;  ///< PID and mark are written
    unsigned failures_ = 0;           ///< supervisors that died young, in a row
    std::optional<Time> respawn_at_;
    std::optional<int> exit_code_;
    std::map<pid_t, Service> services_;
    std::map<std::string, std::string> notes_;  ///< of supervisors for their successors, by service
};

}  // namespace hab::launcher
