// SPDX-License-Identifier: Apache-2.0
#include "supervisor/launcher_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>

#include <cstdlib>
#include <utility>

#include "base/log.hpp"
#include "base/strings.hpp"

namespace hab::supervisor {

namespace asio = boost::asio;
using launcher::Packet;
using launcher::ReceiveResult;

namespace {

/// Shorter than the launcher's, so that two who wait for each other come apart.
constexpr int patience_ms = 2000;

}  // namespace

ExitStatus exit_status(std::uint32_t wait_status) noexcept {
    const int raw = static_cast<int>(wait_status);
    ExitStatus status;
    if (WIFSIGNALED(raw)) {
        status.signal = WTERMSIG(raw);
    } else {
        status.code = WEXITSTATUS(raw);
    }
    return status;
}

namespace {

[[noreturn]] void unexpected() {
    throw Error(ErrorCode::io, "the launcher sent something else than its list of processes");
}

void take_ends(OwnedProcess& process, std::vector<UniqueFd>& fds) {
    process.out = std::move(fds[0]);
    process.err = std::move(fds[1]);
    if (fds.size() > 2) process.ready = std::move(fds[2]);
}

bool ends_fit(const std::vector<UniqueFd>& fds) {
    return fds.size() == 2 || fds.size() == 3;
}

OwnedProcess known_process(Packet packet) {
    const auto message = launcher::decode(packet.bytes);
    const auto* known = std::get_if<launcher::Known>(&message);
    if (known == nullptr || !ends_fit(packet.fds)) unexpected();
    OwnedProcess process;
    process.service = known->id;
    process.pid = static_cast<std::int64_t>(known->pid);
    process.started = WallTime(std::chrono::milliseconds(static_cast<long>(known->started_ms)));
    take_ends(process, packet.fds);
    if (!known->running) process.ended = exit_status(known->status);
    return process;
}

}  // namespace

UniqueFd LauncherLink::socket_from_environment() {
    const char* text = std::getenv(launcher::socket_variable);
    const auto number = parse_u64(text != nullptr ? text : "");
    if (!number || *number > 1'000'000 || ::fcntl(static_cast<int>(*number), F_GETFD) < 0) {
        throw Error(ErrorCode::unsupported, "hab-sup was not started by hab-launch",
                    "start the Supervisor with `hab sup run`");
    }
    UniqueFd fd(static_cast<int>(*number));
    ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    return fd;
}

LauncherLink::LauncherLink(asio::io_context& loop, UniqueFd socket)
    : socket_(loop, socket.release()) {
    socket_.native_non_blocking(true);
}

Packet LauncherLink::receive_blocking(SteadyTime deadline) {
    Packet packet;
    for (;;) {
        const auto result = launcher::receive_packet(socket_.native_handle(), packet);
        if (result == ReceiveResult::packet) return packet;
        if (result == ReceiveResult::closed) {
            throw Error(ErrorCode::io, "the launcher closed the channel");
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - SystemClock().now());
        pollfd source{socket_.native_handle(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&source, 1, static_cast<int>(left.count())) == 0) {
            throw Error(ErrorCode::timeout, "the launcher did not answer in time");
        }
    }
}

std::vector<OwnedProcess> LauncherLink::connect(std::chrono::milliseconds limit) {
    const auto deadline = SystemClock().now() + limit;
    send(launcher::Hello{});
    const auto first = launcher::decode(receive_blocking(deadline).bytes);
    const auto* welcome = std::get_if<launcher::Welcome>(&first);
    if (welcome == nullptr || welcome->version != launcher::protocol_version) {
        throw Error(ErrorCode::unsupported, "the launcher speaks another version of its protocol",
                    "stop it with `hab sup term` and start it again");
    }
    generation_ = welcome->generation;
    std::vector<OwnedProcess> processes;
    for (std::uint32_t i = 0; i < welcome->processes; ++i)
        processes.push_back(known_process(receive_blocking(deadline)));
    for (std::uint32_t i = 0; i < welcome->notes; ++i) {
        const auto message = launcher::decode(receive_blocking(deadline).bytes);
        const auto* note = std::get_if<launcher::Remember>(&message);
        if (note == nullptr) unexpected();
        notes_[note->id] = note->text;
    }
    return processes;
}

void LauncherLink::remember(const std::string& service, std::string text) {
    // Kept here too: a service that is loaded anew asks for it as one of the next supervisor would.
    if (notes_[service] == text) return;
    notes_[service] = text;
    send(launcher::Remember{service, std::move(text)});
}

std::string LauncherLink::remembered(const std::string& service) const {
    const auto found = notes_.find(service);
    return found != notes_.end() ? found->second : std::string();
}

void LauncherLink::listen(LauncherCallbacks callbacks) {
    callbacks_ = std::move(callbacks);
    wait();
}

void LauncherLink::wait() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                           if (!error) on_readable();
                       });
}

void LauncherLink::on_readable() {
    wait();  // first: whatever a message leads to, the next one must be heard
    Packet packet;
    for (;;) {
        const auto result = launcher::receive_packet(socket_.native_handle(), packet);
        if (result == ReceiveResult::would_block) return;
        if (result == ReceiveResult::closed) {
            socket_.cancel();
            callbacks_.lost();
            return;
        }
        handle(packet);
    }
}

void LauncherLink::handle(Packet& packet) {
    const auto message = launcher::decode(packet.bytes);
    if (const auto* answer = std::get_if<launcher::Spawned>(&message)) {
        spawned(*answer, packet.fds);
    } else if (const auto* failed = std::get_if<launcher::SpawnFailed>(&message)) {
        auto node = pending_.extract(failed->request);
        if (node.empty()) return;
        const auto error = Error::from_errno(fmt::format("cannot {}", failed->what),
                                             static_cast<int>(failed->error));
        node.mapped().done({}, &error);
    } else if (const auto* exited = std::get_if<launcher::Exited>(&message)) {
        callbacks_.exited(exited->id, static_cast<std::int64_t>(exited->pid),
                          exit_status(exited->status));
    } else if (std::holds_alternative<launcher::Shutdown>(message)) {
        callbacks_.shutdown();
    }
}

void LauncherLink::spawned(const launcher::Spawned& answer, std::vector<UniqueFd>& fds) {
    auto node = pending_.extract(answer.request);
    if (node.empty() || !ends_fit(fds)) return;
    OwnedProcess process;
    process.service = std::move(node.mapped().service);
    process.pid = static_cast<std::int64_t>(answer.pid);
    process.started = SystemClock().wall();
    take_ends(process, fds);
    node.mapped().done(std::move(process), nullptr);
}

void LauncherLink::spawn(launcher::Spawn request, SpawnDone done) {
    request.request = next_request_++;
    const std::string service = request.id;
    const auto id = request.request;
    try {
        send(std::move(request));
    } catch (const Error& error) {
        done({}, &error);
        return;
    }
    pending_.emplace(id, Pending{service, std::move(done)});
}

void LauncherLink::signal(std::int64_t pid, int number) {
    send(launcher::Signal{static_cast<std::uint64_t>(pid), static_cast<std::uint32_t>(number),
                          true});
}

void LauncherLink::forget(std::int64_t pid) {
    send(launcher::Forget{static_cast<std::uint64_t>(pid)});
}

void LauncherLink::ready() {
    send(launcher::Ready{});
}

void LauncherLink::send(const launcher::Message& message) {
    const auto bytes = launcher::encode(message);
    if (bytes.size() > launcher::max_packet_bytes) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("arguments and environment of the service take {} KiB, more than the {} "
                        "KiB that fit a launcher message",
                        bytes.size() / 1024, launcher::max_packet_bytes / 1024),
            "start the Supervisor with a smaller environment");
    }
    while (!launcher::send_packet(socket_.native_handle(), bytes)) {
        const int why = errno;
        pollfd room{socket_.native_handle(), POLLOUT, 0};
        // It reads as fast as it can start processes; hundreds at once fill the channel.
        if (why != EAGAIN || ::poll(&room, 1, patience_ms) == 0) {
            throw Error::from_errno("cannot reach the launcher", why);
        }
    }
}

}  // namespace hab::supervisor
