// SPDX-License-Identifier: Apache-2.0
// Connections of the control gateway: handshake, one request, its replies.
#include "supervisor/ctl_gateway.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>

#include "base/log.hpp"
#include "net/listen_socket.hpp"
#include "supervisor/ctl_gateway_requests.hpp"
#include "supervisor/gateway_secret.hpp"

namespace hab::supervisor {

namespace {
namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;  // TCP and unix sockets alike
using Socket = Protocol::socket;
using Code = boost::system::error_code;
/// A handshake is some 100 bytes; who has not shown the secret gets no more memory than this.
constexpr std::size_t handshake_bytes = 1024;

/// "127.0.0.1:40312"; empty for what is no TCP connection.
std::string tcp_peer(int fd) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
    const void* address = nullptr;
    std::uint16_t port = 0;
    if (name.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(name);
        address = &v4.sin_addr;
        port = ntohs(v4.sin_port);
    } else if (name.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name);
        address = &v6.sin6_addr;
        port = ntohs(v6.sin6_port);
    }
    if (address == nullptr ||
        ::inet_ntop(name.ss_family, address, text.data(), text.size()) == nullptr) {
        return {};
    }
    const char* const host = text.data();
    return name.ss_family == AF_INET6 ? fmt::format("[{}]:{}", host, port)
                                      : fmt::format("{}:{}", host, port);
}
}  // namespace

class CtlSession;

class CtlGatewayState : public std::enable_shared_from_this<CtlGatewayState> {
public:
    CtlGatewayState(asio::io_context& loop, const net::Endpoint& address, CtlAccess access,
                    const CtlServices& services, CtlLimits limits)
        : access_(std::move(access)),
          services_(services),
          limits_(limits),
          acceptor_(loop),
          retry_(loop) {
        net::ListenSocket socket = net::open_listen_socket(address);
        const int protocol = socket.family == AF_UNIX ? 0 : IPPROTO_TCP;
        acceptor_.assign(Protocol(socket.family, protocol), socket.fd.release());
        local_ = socket.local;
        // The kernel tells who connects; so anybody may.
        if (access_.may_change && ::chmod(local_.unix_path.c_str(), 0666) != 0) {
            throw Error::from_errno("cannot open " + local_.unix_path + " to all users");
        }
    }

    void accept();
    void stop();
    void forget(CtlSession* session);

    [[nodiscard]] const CtlAccess& access() const noexcept { return access_; }
    [[nodiscard]] const CtlServices& services() const noexcept { return services_; }
    [[nodiscard]] const CtlLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] const net::Endpoint& local() const noexcept { return local_; }
    [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }

private:
    void accepted(const Code& code, Socket socket);
    [[nodiscard]] CtlPeer peer_of(const Socket& socket) const;
    /// One that has not shown its secret yet, the oldest; null if there is none.
    [[nodiscard]] CtlSession* idlest() const;

    CtlAccess access_;
    CtlServices services_;
    CtlLimits limits_;
    asio::basic_socket_acceptor<Protocol> acceptor_;
    asio::steady_timer retry_;
    net::Endpoint local_;
    std::list<CtlSession*> sessions_;  ///< the oldest first
    bool accepting_ = false;
    bool stopped_ = false;
};

/// One connection. Kept alive by its pending operations and by commands that will still reply.
class CtlSession final : public CtlReplies, public std::enable_shared_from_this<CtlSession> {
public:
    CtlSession(std::shared_ptr<CtlGatewayState> gateway, Socket socket, CtlPeer peer)
        : gateway_(std::move(gateway)),
          peer_(std::move(peer)),
          socket_(std::move(socket)),
          timer_(socket_.get_executor()),
          reader_(handshake_bytes) {
        if (const auto& tls = gateway_->access().tls) tls_ = tls->new_session();
    }
    ~CtlSession() override { gateway_->forget(this); }
    CtlSession(const CtlSession&) = delete;
    CtlSession& operator=(const CtlSession&) = delete;

    void start() {
        Code ignored;
        socket_.non_blocking(true, ignored);
        limit_time(gateway_->limits().handshake);
        read();
    }
    /// The supervisor goes: a follower learns that this is the end, if the socket takes it at once.
    void shut_down() {
        if (subscription_) send(control::NetOk::id, {}, true);
        close();
    }

    void send(std::string_view message_id, std::string body, bool complete) override {
        if (closed_ || ended_) return;
        try {
            queue(frame(message_id, std::move(body), complete), complete);
        } catch (const Error& error) {  // larger than a frame can be
            const control::NetErr refusal{control::NetErrCode::entity_too_large, error.message(),
                                          error.hint()};
            queue(frame(control::NetErr::id, control::to_wire(refusal), true), true);
        }
    }
    void close() override {
        if (std::exchange(closed_, true)) return;
        subscription_.reset();
        timer_.cancel();
        Code ignored;
        socket_.close(ignored);
    }
    void hold(EventStream::Subscription subscription) override {
        if (!closed_) subscription_.emplace(std::move(subscription));
    }
    [[nodiscard]] const CtlPeer& peer() const override { return peer_; }
    [[nodiscard]] bool is_greeted() const noexcept { return phase_ != Phase::handshake; }

private:
    enum class Phase { handshake, request, answering };

    [[nodiscard]] std::string frame(std::string_view id, std::string body, bool complete) const {
        return control::encode_frame(
            {control::Transaction{transaction_, true, complete}, std::string(id), std::move(body)});
    }

    void limit_time(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        timer_.async_wait([self = shared_from_this()](const Code& code) {
            if (!code) self->close();
        });
    }

    void read() {
        socket_.async_read_some(asio::buffer(input_),
                                [self = shared_from_this()](const Code& code, std::size_t count) {
                                    self->on_read(code, count);
                                });
    }
    void on_read(const Code& code, std::size_t count) {
        if (code || closed_) {
            close();  // also how a follower leaves
            return;
        }
        // One request per connection: what comes after it is of no interest.
        if (phase_ != Phase::answering) {
            try {
                reader_.feed(plain_of({input_.data(), count}));
                while (phase_ != Phase::answering && !closed_) {
                    const auto next = reader_.next();
                    if (!next) break;
                    on_frame(*next);
                }
            } catch (const Error& error) {
                log::info("ctl", "connection dropped: {}", error.message());
                close();
            }
        }
        if (!closed_) read();
    }

    /// What the client said; over TLS this also answers what TLS itself asks.
    std::string plain_of(std::string_view bytes) {
        if (!tls_) return std::string(bytes);
        std::string plain;
        const auto state = tls_->received(bytes, plain);
        queue_raw(tls_->take_wire());
        if (state == net::TlsSession::State::failed) {
            throw Error(ErrorCode::denied,
                        fmt::format("TLS of {} failed: {}", peer_.name, tls_->error()));
        }
        return plain;
    }

    void on_frame(const control::Frame& frame) {
        if (!frame.transaction || frame.transaction->response) {
            close();  // upstream's answer to nonsense: none
            return;
        }
        transaction_ = frame.transaction->id;
        if (phase_ == Phase::request) {
            phase_ = Phase::answering;
            timer_.cancel();
            handle_ctl_request(gateway_->services(), frame, shared_from_this());
            return;
        }
        if (frame.message_id != control::Handshake::id) {
            close();
            return;
        }
        greet(control::from_wire<control::Handshake>(frame.body).secret_key);
    }

    void greet(const std::string& secret) {
        const CtlAccess& access = gateway_->access();
        if (!access.may_change && !same_secret(secret, access.secret)) {
            phase_ = Phase::answering;
            reply(control::NetErr{control::NetErrCode::unauthorized, "secret key mismatch", ""},
                  true);
            return;
        }
        phase_ = Phase::request;
        reader_.set_body_limit(gateway_->limits().request_bytes);
        limit_time(gateway_->limits().request);
        queue(frame(control::NetOk::id, {}, true),
              false);  // only the handshake's transaction has ended
    }

    /// `ends`: these are the last bytes of the connection.
    void queue(std::string bytes, bool ends) {
        ended_ = ends;
        if (tls_) {
            tls_->send(bytes);
            if (ends) tls_->finish();
            bytes = tls_->take_wire();
        }
        queue_raw(std::move(bytes));
    }
    void queue_raw(std::string bytes) {
        if (bytes.empty()) return;
        unread_ += bytes.size();
        outbox_.push_back(std::move(bytes));
        if (unread_ > gateway_->limits().unread_bytes) {
            log::warn("ctl", "a client of the control gateway does not read its answers: dropped");
            close();
        } else if (!waiting_) {
            flush();
        }
    }
    /// Writes what the socket takes now and waits with the rest. Not async_write: at shutdown one
    /// must know what has been sent.
    void flush() {
        while (!outbox_.empty()) {
            Code code;
            const std::string_view rest = std::string_view(outbox_.front()).substr(sent_);
            const std::size_t count = socket_.send(asio::buffer(rest), MSG_NOSIGNAL, code);
            if (code == asio::error::would_block) {
                wait_writable();
                return;
            }
            if (code) {
                close();
                return;
            }
            sent_ += count;
            unread_ -= count;
            if (sent_ < outbox_.front().size()) continue;
            outbox_.pop_front();
            sent_ = 0;
        }
        if (!ended_) return;
        Code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
        limit_time(std::chrono::seconds(2));  // the client closes; if not, we do
    }
    void wait_writable() {
        waiting_ = true;
        socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const Code& code) {
            self->waiting_ = false;
            if (!code && !self->closed_) self->flush();
        });
    }

    std::shared_ptr<CtlGatewayState> gateway_;
    CtlPeer peer_;
    Socket socket_;
    asio::steady_timer timer_;
    std::unique_ptr<net::TlsSession> tls_;  ///< null: not encrypted
    control::FrameReader reader_;
    std::array<char, 4096> input_{};
    std::deque<std::string> outbox_;
    std::size_t sent_ = 0;    ///< bytes of the first element of the outbox
    std::size_t unread_ = 0;  ///< bytes in the outbox that have not been sent
    bool waiting_ = false;    ///< for the socket to become writable
    std::optional<EventStream::Subscription> subscription_;
    Phase phase_ = Phase::handshake;
    std::uint32_t transaction_ = 0;
    bool ended_ = false;  ///< the last frame of the transaction is in the outbox
    bool closed_ = false;
};

void CtlGatewayState::accept() {
    if (stopped_ || accepting_) return;
    // One more than there is room for is taken if another can make room for it.
    if (sessions_.size() >= limits_.connections && idlest() == nullptr) return;
    accepting_ = true;
    acceptor_.async_accept([self = shared_from_this()](const Code& code, Socket socket) {
        self->accepted(code, std::move(socket));
    });
}

void CtlGatewayState::accepted(const Code& code, Socket socket) {
    accepting_ = false;
    if (stopped_) return;
    if (code) {
        // Out of descriptors: trying again at once would spin.
        log::warn("ctl", "cannot accept on {}: {}", local_.to_string(), code.message());
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([self = shared_from_this()](const Code& wait) {
            if (!wait) self->accept();
        });
        return;
    }
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    if (sessions_.size() >= limits_.connections) {
        if (CtlSession* const waiting = idlest()) waiting->close();
    }
    CtlPeer peer = peer_of(socket);
    try {
        auto session =
            std::make_shared<CtlSession>(shared_from_this(), std::move(socket), std::move(peer));
        sessions_.push_back(session.get());
        session->start();
    } catch (const std::exception& error) {  // edge: one connection must not stop the gateway
        log::warn("ctl", "cannot serve a connection: {}", error.what());
    }
    accept();
}

CtlSession* CtlGatewayState::idlest() const {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [](CtlSession* session) { return !session->is_greeted(); });
    return found == sessions_.end() ? nullptr : *found;
}

CtlPeer CtlGatewayState::peer_of(const Socket& socket) const {
    if (access_.may_change) {
        ucred credentials{};
        socklen_t size = sizeof credentials;
        // Who cannot be told is nobody.
        if (::getsockopt(const_cast<Socket&>(socket).native_handle(), SOL_SOCKET, SO_PEERCRED,
                         &credentials, &size) != 0) {
            return {false, {}};
        }
        return {access_.may_change(credentials.uid),
                fmt::format("uid {} (process {})", credentials.uid, credentials.pid)};
    }
    const int on = 1;
    const int idle_seconds = 60;
    // A follower whose machine is gone would stay for ever.
    const int fd = const_cast<Socket&>(socket).native_handle();
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
    return {true, tcp_peer(fd)};
}

void CtlGatewayState::stop() {
    stopped_ = true;
    Code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    for (CtlSession* const session : sessions_)
        session->shut_down();
}

void CtlGatewayState::forget(CtlSession* session) {
    sessions_.remove(session);
    accept();
}

bool is_root_or_self(uid_t user) noexcept {
    return user == 0 || user == ::geteuid();
}

CtlGateway::CtlGateway(asio::io_context& loop, const net::Endpoint& address, CtlAccess access,
                       const CtlServices& services, CtlLimits limits)
    : state_(
          std::make_shared<CtlGatewayState>(loop, address, std::move(access), services, limits)) {
    state_->accept();
}

CtlGateway::~CtlGateway() {
    state_->stop();
}

const net::Endpoint& CtlGateway::local() const noexcept {
    return state_->local();
}

std::size_t CtlGateway::connections() const noexcept {
    return state_->connections();
}

}  // namespace hab::supervisor
