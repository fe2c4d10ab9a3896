// SPDX-License-Identifier: Apache-2.0
#include "launcher/server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "launcher/fail_point.hpp"
#include "launcher/marks.hpp"
#include "launcher/report.hpp"

namespace hab::launcher {
namespace {

std::uint64_t wall_ms() {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

UniqueFd block_signals() {
    sigset_t handled;
    sigemptyset(&handled);
    for (const int number :
         {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2}) {
        sigaddset(&handled, number);
    }
    ::sigprocmask(SIG_BLOCK, &handled, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return UniqueFd(::signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK));
}

/// How long a supervisor may leave its messages unread.
constexpr int patience_ms = 5000;

/// What the supervisor gets of a child.
std::vector<int> ends_of(const Child& child) {
    std::vector<int> fds{child.out.get(), child.err.get()};
    if (child.ready) fds.push_back(child.ready.get());
    return fds;
}

std::string reason(int error) {
    return std::strerror(error);
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)), mark_(random_mark()), signals_(block_signals()) {
    // What a service leaves behind becomes our child, so that nothing survives the end unnoticed.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

Server::~Server() {
    if (!directory_is_ours_) return;
    ::unlink(options_.pid_file.c_str());
    ::unlink(options_.mark_file.c_str());
}

int Server::run() {
    start();
    while (!exit_code_) {
        wait(respawn_at_);
        if (respawn_at_ && !exit_code_ && std::chrono::steady_clock::now() >= *respawn_at_) {
            respawn_at_.reset();
            start();
        }
    }
    kill_leftovers();
    if (shutting_down_) report("Hasta la vista, services.");
    return *exit_code_;
}

void Server::start() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        report("cannot create the channel to hab-sup: " + reason(errno));
        exit_code_ = 1;
        return;
    }
    socket_.reset(ends[0]);
    const UniqueFd theirs(ends[1]);
    for (const int end : ends) {
        // Hundreds of services begin, or are handed over, at once. What we may not have we wait for.
        const int bytes = 8 << 20;
        if (::setsockopt(end, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0) {
            ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
        }
    }
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
    supervisor_spoke_ = false;
    supervisor_started_ = std::chrono::steady_clock::now();
    try {
        supervisor_ = start_supervisor(options_.supervisor, theirs.get(), mark_);
    } catch (const SpawnError& error) {
        report("cannot " + error.what + ": " + reason(error.error));
        socket_.reset();
        if (generation_ > 0) {
            respawn_at_ = supervisor_started_ + options_.respawn.wait(++failures_ + 1);
        } else {
            exit_code_ = 1;
        }
    }
}

void Server::wait(std::optional<Time> until) {
    int timeout = -1;
    if (until) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
        timeout = static_cast<int>(std::max<long>(0, static_cast<long>(left.count())));
    }
    pollfd sources[2] = {{signals_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}};
    if (::poll(sources, 2, timeout) < 0) return;  // EINTR: the caller's loop asks again
    // Packets first: what a supervisor said before it died counts.
    if ((sources[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0) on_packets();
    if ((sources[0].revents & POLLIN) != 0) on_signals();
}

void Server::on_signals() {
    signalfd_siginfo info{};
    bool children = false;
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        switch (static_cast<int>(info.ssi_signo)) {
            case SIGCHLD:
                children = true;
                break;
            case SIGTERM:
            case SIGINT:
                ask_for_shutdown();
                break;
            case SIGHUP:
                signal_supervisor(SIGHUP);
                break;
            default:
                break;  // QUIT, ALRM, USR1 and USR2 mean nothing to us and must not kill us
        }
    }
    if (!children) return;
    reap();
    end_strays();
}

void Server::ask_for_shutdown() {
    if (shutting_down_) {
        report("Asked to stop again: killing hab-sup and what it has not stopped yet");
        signal_supervisor(SIGKILL);
        return;
    }
    shutting_down_ = true;
    fail_point("launcher.shutdown");
    respawn_at_.reset();
    if (supervisor_ > 0 && supervisor_spoke_) {
        send(Shutdown{});
    } else if (supervisor_ > 0) {
        signal_supervisor(SIGKILL);  // it has no services yet and does not listen to anything else
    } else {
        exit_code_ = 0;
    }
}

void Server::signal_supervisor(int number) const {
    // Never a guess: -1 would reach every process of the machine.
    if (supervisor_ > 0) ::kill(supervisor_, number);
}

void Server::on_packets() {
    Packet packet;
    while (socket_) {
        try {
            const auto result = receive_packet(socket_.get(), packet);
            if (result == ReceiveResult::would_block) return;
            if (result == ReceiveResult::closed) {
                socket_.reset();  // its exit status comes with SIGCHLD
                return;
            }
            handle(decode(packet.bytes));
        } catch (const WireError& error) {
            report(std::string("hab-sup sent something unreadable and is killed: ") + error.what());
            signal_supervisor(SIGKILL);
            socket_.reset();
        }
    }
}

void Server::handle(const Message& message) {
    if (const auto* hello = std::get_if<Hello>(&message)) return handle(*hello);
    if (const auto* spawn = std::get_if<Spawn>(&message)) return handle(*spawn);
    if (const auto* signal = std::get_if<Signal>(&message)) return handle(*signal);
    if (const auto* forget = std::get_if<Forget>(&message)) return handle(*forget);
    if (const auto* note = std::get_if<Remember>(&message)) return handle(*note);
    if (std::holds_alternative<Ready>(message)) {
        if (const auto ready = std::exchange(options_.ready, nullptr)) ready();
        return;
    }
    throw WireError("a message that only the launcher may send");
}

void Server::handle(const Hello& hello) {
    if (hello.version != protocol_version) {
        throw WireError("hab-sup speaks version " + std::to_string(hello.version) +
                        " of the launcher protocol");
    }
    supervisor_spoke_ = true;
    ++generation_;
    // It has the lock: nobody else's services can be in our way, only those of a dead launcher.
    take_over_directory();
    fail_point("launcher.welcome");
    send(Welcome{protocol_version, static_cast<std::uint64_t>(::getpid()), generation_,
                 static_cast<std::uint32_t>(services_.size()),
                 static_cast<std::uint32_t>(notes_.size())});
    for (const auto& [pid, service] : services_) {
        send(Known{service.id, static_cast<std::uint64_t>(pid), service.started_ms,
                   !service.status.has_value(), service.status.value_or(0)},
             ends_of(service.child));
    }
    for (const auto& [id, text] : notes_)
        send(Remember{id, text});
    if (shutting_down_) send(Shutdown{});
}

void Server::handle(const Spawn& spawn) {
    try {
        fail_point("launcher.spawn");
        Child child = start_service(spawn);
        fail_point("launcher.spawned");
        const pid_t pid = child.pid;
        Service& service = services_[pid];
        service = Service{spawn.id, std::move(child), wall_ms(), std::nullopt};
        send(Spawned{spawn.request, static_cast<std::uint64_t>(pid)}, ends_of(service.child));
    } catch (const SpawnError& error) {
        send(SpawnFailed{spawn.request, error.what, static_cast<std::uint32_t>(error.error)});
    }
}

void Server::handle(const Signal& signal) {
    const auto found = services_.find(static_cast<pid_t>(signal.pid));
    // Only a process that we have not reaped yet surely still owns its number.
    if (found == services_.end() || found->second.status) return;
    fail_point("launcher.signal");
    const pid_t pid = found->first;
    ::kill(signal.group ? -pid : pid, static_cast<int>(signal.signal));
}

void Server::handle(const Forget& forget) {
    const auto found = services_.find(static_cast<pid_t>(forget.pid));
    if (found != services_.end() && found->second.status) services_.erase(found);
}

void Server::handle(const Remember& note) {
    if (note.text.empty()) {
        notes_.erase(note.id);
    } else {
        notes_[note.id] = note.text;
    }
}

void Server::reap() {
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
        const pid_t pid = info.si_pid;
        const auto found = services_.find(pid);
        if (found != services_.end() && !found->second.status) {
            // Workers must not outlive their service: they would hold its ports against the next
            // start. Sent before reaping, while the number of the group cannot belong to anybody
            // else.
            ::kill(-pid, SIGKILL);
        }
        int status = 0;
        if (::waitpid(pid, &status, 0) != pid) continue;
        if (pid == supervisor_) {
            supervisor_ended(static_cast<std::uint32_t>(status));
        } else if (found != services_.end()) {
            service_ended(found->second, static_cast<std::uint32_t>(status));
        }
    }
}

/// What forked away from a service that has ended. It came to us as our child, so that this costs
/// nothing as long as there is none.
void Server::end_strays() {
    for (const pid_t pid : leftovers()) {
        const auto service = services_.find(pid);
        if (service != services_.end() && !service->second.status) continue;
        const std::string id = environment_value(pid, service_variable);
        const bool orphaned =
            !id.empty() && environment_value(pid, mark_variable) == mark_ &&
            std::none_of(services_.begin(), services_.end(), [&](const auto& one) {
                return one.second.id == id && !one.second.status;
            });
        if (!orphaned) continue;
        report("Killing process " + std::to_string(pid) + ", which forked away from service '" +
               id + "'");
        signal_tree(pid, SIGKILL);
    }
}

void Server::service_ended(Service& service, std::uint32_t status) {
    report("Child for service '" + service.id + "' with PID " + std::to_string(service.child.pid) +
           " " + describe_status(static_cast<int>(status)));
    service.status = status;
    fail_point("launcher.exited");
    send(Exited{service.id, static_cast<std::uint64_t>(service.child.pid), status});
}

void Server::supervisor_ended(std::uint32_t status) {
    supervisor_ = -1;
    on_packets();
    socket_.reset();
    const int raw = static_cast<int>(status);
    const int code = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
    if (shutting_down_ || code == exit_informational) {
        exit_code_ = 0;
    } else if (code == exit_give_up) {
        exit_code_ = exit_give_up;
    } else if (code == exit_failed || generation_ == 0) {
        if (code != exit_failed) report("hab-sup " + describe_status(raw) + " before it was ready");
        exit_code_ = 1;
    } else {
        respawn(raw);
    }
}

void Server::respawn(int status) {
    fail_point("launcher.respawn");
    const auto now = std::chrono::steady_clock::now();
    const auto lived = now - supervisor_started_;
    kill_marked_hooks(mark_);  // its successor runs them again
    // Exit code 0 is a restart that somebody asked for, unless it comes suspiciously soon.
    const bool asked_for = status == 0 && lived >= options_.respawn.first_wait;
    if (asked_for || lived >= options_.respawn.healthy_after) failures_ = 0;
    if (!asked_for) ++failures_;
    const auto wait = options_.respawn.wait(failures_);
    report("hab-sup " + describe_status(status) + "; starting it again" +
           (wait.count() > 0 ? " in " + std::to_string((wait.count() + 999) / 1000) + " s" : "") +
           ", services keep running");
    respawn_at_ = now + wait;
}

void Server::send(const Message& message, const std::vector<int>& fds) {
    if (!socket_) return;
    const std::string bytes = encode(message);
    while (!send_packet(socket_.get(), bytes, fds) && errno == EAGAIN) {
        pollfd room{socket_.get(), POLLOUT, 0};
        if (::poll(&room, 1, patience_ms) > 0) continue;
        // One that reads nothing all that time is stuck; the state is offered again to the next.
        report("hab-sup does not read the messages of the launcher and is killed");
        signal_supervisor(SIGKILL);
        socket_.reset();
        return;
    }
}

}  // namespace hab::launcher
