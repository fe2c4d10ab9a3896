// SPDX-License-Identifier: Apache-2.0
#include "control/client.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <memory>

namespace hab::control {

namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void unreachable(const net::Endpoint& gateway, std::string_view why) {
    throw Error(ErrorCode::io,
                fmt::format("cannot reach a supervisor at {}: {}", gateway.to_string(), why),
                "Start one with `hab sup run`, or name another with --remote-sup HOST:PORT.");
}

struct AddressFree {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// Connects with a deadline; errno, or 0.
int connect_within(int fd, const sockaddr* address, socklen_t length, int timeout_ms) {
    if (::connect(fd, address, length) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd wait{fd, POLLOUT, 0};
    const int ready = ::poll(&wait, 1, timeout_ms);
    if (ready == 0) return ETIMEDOUT;
    if (ready < 0) return errno;
    int result = 0;
    socklen_t size = sizeof result;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &size) == 0 ? result : errno;
}

UniqueFd connect_unix(const net::Endpoint& gateway, int timeout_ms) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, gateway.unix_path.data(),
                std::min(gateway.unix_path.size(), sizeof name.sun_path - 1));
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int result =
        connect_within(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name, timeout_ms);
    if (result != 0) unreachable(gateway, std::strerror(result));
    return fd;
}

UniqueFd connect_to(const net::Endpoint& gateway, int timeout_ms) {
    if (!gateway.unix_path.empty()) return connect_unix(gateway, timeout_ms);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    const int code =
        ::getaddrinfo(gateway.host.c_str(), fmt::format("{}", gateway.port).c_str(), &hints, &raw);
    if (code != 0) unreachable(gateway, ::gai_strerror(code));
    const std::unique_ptr<addrinfo, AddressFree> list(raw);
    int last = 0;
    for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
        UniqueFd fd(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!fd) {
            last = errno;
            continue;
        }
        last = connect_within(fd.get(), one->ai_addr, one->ai_addrlen, timeout_ms);
        if (last == 0) return fd;
    }
    unreachable(gateway, std::strerror(last));
}

int remaining_ms(SteadyClock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

Client::Client(const net::Endpoint& gateway, const std::string& secret,
               std::chrono::milliseconds timeout, const std::shared_ptr<net::TlsContext>& tls)
    : gateway_(gateway),
      fd_(connect_to(gateway, static_cast<int>(timeout.count()))),
      tls_(tls ? tls->new_session() : nullptr) {
    if (tls_) shake_hands(timeout);
    send({Transaction{0, false, true}, std::string(Handshake::id), to_wire(Handshake{secret})});
    const auto reply = receive(timeout, -1);
    if (reply->message_id == NetOk::id) return;
    if (reply->message_id != NetErr::id) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("cannot talk to the supervisor at {}: it answered the handshake with {}",
                        gateway_.to_string(), reply->message_id));
    }
    const NetErr refusal = from_wire<NetErr>(reply->body);
    throw to_error(refusal)
        .in(fmt::format("cannot log in to the supervisor at {}", gateway_.to_string()))
        .with_hint(
            "HAB_CTL_SECRET, or ctl_secret in cli.toml, must be the content of that "
            "supervisor's CTL_SECRET file.");
}

namespace {
constexpr std::uint32_t transaction_id = 1;
}

void Client::begin(std::string message_id, std::string body) {
    send({Transaction{transaction_id, false, true}, std::move(message_id), std::move(body)});
}

bool Client::finish(const OnReply& on_reply, int cancel_fd) {
    for (;;) {
        const auto reply = receive(std::chrono::milliseconds(0), cancel_fd);
        if (!reply) return false;
        if (!reply->transaction || reply->transaction->id != transaction_id) continue;
        if (reply->message_id == NetErr::id) throw to_error(from_wire<NetErr>(reply->body));
        if (reply->message_id != NetOk::id && on_reply) on_reply(*reply);
        if (reply->transaction->complete) return true;
    }
}

void Client::wait_until_closed() {
    std::array<char, 4096> buffer;
    for (;;) {
        while (const auto frame = reader_.next()) {
            if (frame->message_id == NetErr::id) throw to_error(from_wire<NetErr>(frame->body));
        }
        pollfd wait{fd_.get(), POLLIN, 0};
        ::poll(&wait, 1, -1);
        const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) {
            take({buffer.data(), static_cast<std::size_t>(count)});
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            return;
        }
    }
}

void Client::shake_hands(std::chrono::milliseconds timeout) {
    const auto deadline = SteadyClock::now() + timeout;
    send_bytes(tls_->take_wire());
    while (tls_->state() == net::TlsSession::State::handshake)
        (void)wait_and_take(deadline, -1);
}

void Client::take(std::string_view bytes) {
    if (!tls_) {
        reader_.feed(bytes);
        return;
    }
    std::string plain;
    const auto state = tls_->received(bytes, plain);
    send_bytes(tls_->take_wire());
    if (state == net::TlsSession::State::failed) {
        throw Error(ErrorCode::denied,
                    fmt::format("cannot trust the supervisor at {}: {}", gateway_.to_string(),
                                tls_->error()),
                    "ctl_server_ca_certificate in cli.toml names who signs its certificate, "
                    "ctl_server_name_indication the name in it.");
    }
    reader_.feed(plain);
}

void Client::send(const Frame& frame) {
    const std::string bytes = encode_frame(frame);
    if (!tls_) {
        send_bytes(bytes);
        return;
    }
    tls_->send(bytes);
    send_bytes(tls_->take_wire());
}

void Client::send_bytes(std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count =
            ::send(fd_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            pollfd wait{fd_.get(), POLLOUT, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            unreachable(gateway_, std::strerror(errno));
        }
    }
}

std::optional<Frame> Client::receive(std::chrono::milliseconds timeout, int cancel_fd) {
    std::optional<SteadyClock::time_point> deadline;
    if (timeout.count() > 0) deadline = SteadyClock::now() + timeout;
    for (;;) {
        if (auto frame = reader_.next()) return frame;
        if (!wait_and_take(deadline, cancel_fd)) return std::nullopt;
    }
}

bool Client::wait_and_take(std::optional<SteadyClock::time_point> deadline, int cancel_fd) {
    std::array<pollfd, 2> wait{pollfd{fd_.get(), POLLIN, 0}, pollfd{cancel_fd, POLLIN, 0}};
    const int ready = ::poll(wait.data(), wait.size(), deadline ? remaining_ms(*deadline) : -1);
    if (ready < 0 && errno != EINTR) throw Error::from_errno("cannot wait for the supervisor");
    if (ready == 0) {
        throw Error(ErrorCode::timeout,
                    fmt::format("the supervisor at {} did not answer", gateway_.to_string()),
                    "Check that the address belongs to a supervisor's control gateway, and that "
                    "both sides agree about TLS.");
    }
    if (ready < 0) return true;
    if (wait[1].revents != 0) return false;
    std::array<char, 16 * 1024> buffer;
    const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
        take({buffer.data(), static_cast<std::size_t>(count)});
    } else if (count == 0) {
        throw Error(ErrorCode::io,
                    fmt::format("the supervisor at {} closed the connection before its answer was "
                                "complete",
                                gateway_.to_string()),
                    "See the supervisor's log for the reason; both sides must agree about TLS.");
    } else if (errno != EAGAIN && errno != EINTR) {
        unreachable(gateway_, std::strerror(errno));
    }
    return true;
}

}  // namespace hab::control
