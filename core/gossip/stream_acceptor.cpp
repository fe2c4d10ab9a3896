// SPDX-License-Identifier: Apache-2.0
#include "gossip/stream_acceptor.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "gossip/tcp.hpp"
#include "ring/zmtp/session.hpp"

namespace hab::gossip {

using boost::system::error_code;

/// Lives as long as the acceptor; connections hold it weakly.
struct StreamAcceptor::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& io, Handler on_message, const AcceptorLimits& bounds)
        : loop(io), acceptor(io), retry(io), handler(std::move(on_message)), limits(bounds) {}

    void accept();
    void admit(tcp::socket socket);
    void forget(const std::shared_ptr<Connection>& connection);

    boost::asio::io_context& loop;
    tcp::acceptor acceptor;
    boost::asio::steady_timer retry;
    Handler handler;
    AcceptorLimits limits;
    Counts counts;
    std::set<std::shared_ptr<Connection>> open;
    std::map<ring::IpAddress, std::size_t> per_address;
    std::size_t buffered = 0;
};

struct StreamAcceptor::Connection : std::enable_shared_from_this<Connection> {
    Connection(const std::shared_ptr<State>& state, tcp::socket peer_socket,
               const ring::Endpoint& peer)
        : owner(state),
          socket(std::move(peer_socket)),
          timer(state->loop),
          from(peer),
          session(ring::ZmtpRole::pull, state->limits.max_message) {}

    void start();
    void write();
    void read();
    void handle(const std::shared_ptr<State>& state, std::size_t size);
    void watch(std::chrono::milliseconds time);
    /// Which time limit counts now; set anew only when it becomes another one, so that a byte now
    /// and then does not put it off.
    void choose_limit(const State& state, bool progress);
    void close();

    enum class Limit : std::uint8_t { handshake, message, idle };
    std::weak_ptr<State> owner;
    tcp::socket socket;
    boost::asio::steady_timer timer;
    ring::Endpoint from;
    ring::ZmtpSession session;
    std::array<char, 16 * 1024> buffer;
    std::string writing;
    std::size_t counted = 0;  ///< of State::buffered
    Limit limit = Limit::handshake;
    bool closed = false;
};

void StreamAcceptor::Connection::start() {
    const auto state = owner.lock();
    if (!state) return;
    watch(state->limits.handshake);
    write();
    read();
}

void StreamAcceptor::Connection::close() {
    if (std::exchange(closed, true)) return;
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
    if (const auto state = owner.lock()) state->forget(shared_from_this());
}

void StreamAcceptor::Connection::write() {
    if (!writing.empty() || session.output().empty()) return;
    writing = session.take_output();
    boost::asio::async_write(socket, boost::asio::buffer(writing),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                                 if (self->closed) return;
                                 self->writing.clear();
                                 if (error) return self->close();
                                 self->write();
                             });
}

void StreamAcceptor::Connection::read() {
    socket.async_read_some(boost::asio::buffer(buffer),
                           [self = shared_from_this()](const error_code& error, std::size_t size) {
                               const auto state = self->owner.lock();
                               if (self->closed || !state) return;
                               try {
                                   if (size != 0) self->handle(state, size);
                               } catch (const std::exception&) {
                                   // Nobody reads it any more: it is not kept open either.
                                   self->close();
                                   throw;
                               }
                               if (self->closed) return;
                               if (error) return self->close();
                               self->read();
                           });
}

void StreamAcceptor::Connection::handle(const std::shared_ptr<State>& state, std::size_t size) {
    session.feed({buffer.data(), size});
    std::string_view message;
    bool progress = false;
    while (!closed && session.next(message)) {
        progress = true;
        ++state->counts.messages;
        state->handler(from, message);
    }
    if (closed) return;
    if (!session.failure().empty()) {
        ++state->counts.broken;
        return close();
    }
    state->buffered -= std::exchange(counted, session.buffered());
    state->buffered += counted;
    if (state->buffered > state->limits.buffered) {
        ++state->counts.refused;
        return close();
    }
    write();
    choose_limit(*state, progress);
}

void StreamAcceptor::Connection::choose_limit(const State& state, bool progress) {
    if (!session.established()) return;
    const Limit wanted = session.mid_frame() ? Limit::message : Limit::idle;
    if (wanted == limit && !progress) return;
    limit = wanted;
    watch(wanted == Limit::message ? state.limits.message : state.limits.idle);
}

void StreamAcceptor::Connection::watch(std::chrono::milliseconds time) {
    timer.expires_after(time);
    timer.async_wait([weak = weak_from_this()](const error_code& error) {
        const auto self = weak.lock();
        if (error || !self || self->closed) return;
        if (const auto state = self->owner.lock()) ++state->counts.stalled;
        self->close();
    });
}

void StreamAcceptor::State::accept() {
    acceptor.async_accept([weak = weak_from_this()](const error_code& error, tcp::socket socket) {
        const auto self = weak.lock();
        if (!self || !self->acceptor.is_open()) return;
        if (!error) {
            self->admit(std::move(socket));
            return self->accept();
        }
        // Out of descriptors or memory: who asks again at once gets the same answer.
        self->retry.expires_after(std::chrono::milliseconds(100));
        self->retry.async_wait([weak](const error_code& cancelled) {
            const auto again = weak.lock();
            if (!cancelled && again && again->acceptor.is_open()) again->accept();
        });
    });
}

void StreamAcceptor::State::admit(tcp::socket socket) {
    error_code error;
    const ring::Endpoint peer = from_tcp(socket.remote_endpoint(error));
    if (error) return;  // gone already
    std::size_t& count = per_address[peer.ip];
    if (open.size() >= limits.connections || count >= limits.per_address) {
        ++counts.refused;
        if (count == 0) per_address.erase(peer.ip);
        return;
    }
    ++count;
    ++counts.accepted;
    const auto connection =
        std::make_shared<Connection>(shared_from_this(), std::move(socket), peer);
    open.insert(connection);
    connection->start();
}

void StreamAcceptor::State::forget(const std::shared_ptr<Connection>& connection) {
    if (open.erase(connection) == 0) return;
    buffered -= connection->counted;
    const auto found = per_address.find(connection->from.ip);
    if (found != per_address.end() && --found->second == 0) per_address.erase(found);
}

StreamAcceptor::StreamAcceptor(boost::asio::io_context& loop, const ring::Endpoint& bind,
                               Handler handler, const AcceptorLimits& limits)
    : state_(std::make_shared<State>(loop, std::move(handler), limits)) {
    const tcp::endpoint endpoint = to_tcp(bind);
    try {
        state_->acceptor.open(endpoint.protocol());
        state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
        if (endpoint.address().is_v6())
            state_->acceptor.set_option(boost::asio::ip::v6_only(false));
        state_->acceptor.bind(endpoint);
        state_->acceptor.listen();
    } catch (const boost::system::system_error& error) {
        const std::string tried = fmt::format("cannot listen for gossip on {}", bind.to_string());
        if (error.code() == boost::asio::error::address_in_use) {
            throw Error(ErrorCode::conflict, fmt::format("{}: the port is in use", tried),
                        "another supervisor may be running; choose another address with "
                        "--listen-gossip");
        }
        throw Error::from_errno(tried, error.code().value());
    }
    state_->accept();
}

StreamAcceptor::~StreamAcceptor() {
    error_code ignored;
    state_->acceptor.close(ignored);
    const auto open = std::exchange(state_->open, {});
    for (const auto& connection : open)
        connection->close();
}

ring::Endpoint StreamAcceptor::local() const {
    return from_tcp(state_->acceptor.local_endpoint());
}

const StreamAcceptor::Counts& StreamAcceptor::counts() const noexcept {
    return state_->counts;
}

std::size_t StreamAcceptor::connections() const noexcept {
    return state_->open.size();
}

}  // namespace hab::gossip
