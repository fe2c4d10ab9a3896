// SPDX-License-Identifier: Apache-2.0
#include "gossip/stream_pool.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <map>
#include <numeric>
#include <utility>

#include "gossip/tcp.hpp"
#include "ring/zmtp/session.hpp"

namespace hab::gossip {

using boost::system::error_code;

namespace {

struct Order {
    std::uint64_t number = 0;
    std::vector<std::string> messages;
    std::size_t bytes = 0;
};

}  // namespace

/// Lives as long as the pool; peers hold it weakly.
struct StreamPool::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& io, Done on_done, const PoolLimits& bounds)
        : loop(io), done(std::move(on_done)), limits(bounds) {}

    void finish(const Order& order, std::size_t sent, bool ok);
    void place(const std::shared_ptr<Peer>& peer);
    /// A connection was given up: the next that waits may have one.
    void next_waiting();
    /// Closes a connection without work. False if all have some.
    bool evict_idle();

    boost::asio::io_context& loop;
    Done done;
    PoolLimits limits;
    Counts counts;
    std::size_t open = 0;
    std::size_t queued = 0;
    std::map<ring::Endpoint, std::shared_ptr<Peer>> peers;
    std::deque<std::shared_ptr<Peer>> waiting;
};

/// One peer: its queue and, perhaps, its connection.
struct StreamPool::Peer : std::enable_shared_from_this<Peer> {
    Peer(const std::shared_ptr<State>& state, const ring::Endpoint& endpoint)
        : owner(state), to(endpoint), socket(state->loop), timer(state->loop) {}

    enum class Phase : std::uint8_t { waiting, connecting, idle, writing, closed };

    void connect(const State& state);
    void greet();
    void begin();
    void read();
    void take(std::size_t size);
    void write_next();
    void wrote();
    void watch(std::chrono::milliseconds time);
    /// Ends the connection and every order; the peer is no more.
    void close();

    std::weak_ptr<State> owner;
    ring::Endpoint to;
    tcp::socket socket;
    boost::asio::steady_timer timer;
    ring::ZmtpSession session{ring::ZmtpRole::push, 0};
    std::array<char, 512> buffer;
    std::string writing;
    std::deque<Order> orders;
    std::size_t queued = 0;
    Phase phase = Phase::waiting;
    bool greeted = false;
};

void StreamPool::Peer::connect(const State& state) {
    phase = Phase::connecting;
    watch(state.limits.handshake);
    socket.async_connect(to_tcp(to), [self = shared_from_this()](const error_code& error) {
        if (self->phase == Phase::closed) return;
        if (error) return self->close();
        if (const auto pool = self->owner.lock()) ++pool->counts.connected;
        error_code ignored;
        self->socket.set_option(tcp::no_delay(true), ignored);
        self->greet();
        self->read();
    });
}

void StreamPool::Peer::greet() {
    writing = session.take_output();
    boost::asio::async_write(socket, boost::asio::buffer(writing),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                                 if (self->phase == Phase::closed) return;
                                 if (error) return self->close();
                                 self->greeted = true;
                                 self->begin();
                             });
}

/// A hasty peer may be ready before our greeting has left.
void StreamPool::Peer::begin() {
    if (phase == Phase::connecting && greeted && session.established()) write_next();
}

void StreamPool::Peer::read() {
    socket.async_read_some(boost::asio::buffer(buffer),
                           [self = shared_from_this()](const error_code& error, std::size_t size) {
                               if (self->phase == Phase::closed) return;
                               if (size != 0) self->take(size);
                               if (self->phase == Phase::closed) return;
                               if (error) return self->close();
                               self->read();
                           });
}

void StreamPool::Peer::take(std::size_t size) {
    session.feed({buffer.data(), size});
    std::string_view none;
    (void)session.next(none);
    if (!session.failure().empty()) return close();
    begin();
    // An answer to a PING: with the next order, or now.
    if (phase == Phase::idle && !session.output().empty()) write_next();
}

void StreamPool::Peer::write_next() {
    const auto pool = owner.lock();
    if (!pool) return;
    if (orders.empty() && session.output().empty()) {
        phase = Phase::idle;
        watch(pool->limits.idle);
        if (!pool->waiting.empty()) close();
        return;
    }
    phase = Phase::writing;
    watch(pool->limits.write);
    const bool order = !orders.empty();
    if (order) {
        for (const std::string& message : orders.front().messages)
            session.push(message);
    }
    writing = session.take_output();
    boost::asio::async_write(
        socket, boost::asio::buffer(writing),
        [self = shared_from_this(), order](const error_code& error, std::size_t) {
            if (self->phase == Phase::closed) return;
            if (error) return self->close();
            if (order) self->wrote();
            self->write_next();
        });
}

void StreamPool::Peer::wrote() {
    const Order order = std::move(orders.front());
    orders.pop_front();
    queued -= order.bytes;
    const auto pool = owner.lock();
    if (!pool) return;
    pool->queued -= order.bytes;
    pool->counts.sent += order.messages.size();
    pool->finish(order, order.messages.size(), true);
}

void StreamPool::Peer::watch(std::chrono::milliseconds time) {
    timer.expires_after(time);
    timer.async_wait([weak = weak_from_this()](const error_code& error) {
        const auto self = weak.lock();
        if (!error && self) self->close();
    });
}

void StreamPool::Peer::close() {
    const Phase before = std::exchange(phase, Phase::closed);
    if (before == Phase::closed) return;
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
    const auto pool = owner.lock();
    if (!pool) return;
    const auto self = shared_from_this();
    pool->peers.erase(to);
    if (before != Phase::waiting) --pool->open;
    pool->queued -= queued;
    for (const Order& order : std::exchange(orders, {})) {
        ++pool->counts.failed;
        pool->finish(order, 0, false);
    }
    pool->next_waiting();
}

void StreamPool::State::finish(const Order& order, std::size_t sent, bool ok) {
    // Posted: whoever is told may send again, and must not find the pool half changed.
    boost::asio::post(loop, [weak = weak_from_this(), number = order.number, sent, ok] {
        if (const auto self = weak.lock()) self->done(number, sent, ok);
    });
}

bool StreamPool::State::evict_idle() {
    for (const auto& [endpoint, peer] : peers) {
        if (peer->phase != Peer::Phase::idle) continue;
        const auto idle = peer;
        idle->close();
        return true;
    }
    return false;
}

void StreamPool::State::place(const std::shared_ptr<Peer>& peer) {
    if (open >= limits.connections) (void)evict_idle();
    if (open >= limits.connections) {
        waiting.push_back(peer);
        return;
    }
    ++open;
    peer->connect(*this);
}

void StreamPool::State::next_waiting() {
    while (!waiting.empty() && open < limits.connections) {
        const auto peer = std::move(waiting.front());
        waiting.pop_front();
        ++open;
        peer->connect(*this);
    }
}

StreamPool::StreamPool(boost::asio::io_context& loop, Done done, const PoolLimits& limits)
    : state_(std::make_shared<State>(loop, std::move(done), limits)) {}

StreamPool::~StreamPool() {
    state_->waiting.clear();
    const auto peers = std::exchange(state_->peers, {});
    state_->done = [](std::uint64_t, std::size_t, bool) {};
    for (const auto& [endpoint, peer] : peers)
        peer->close();
}

void StreamPool::send(std::uint64_t number, const ring::Endpoint& to,
                      std::vector<std::string> messages) {
    Order order{number, std::move(messages), 0};
    order.bytes = std::accumulate(
        order.messages.begin(), order.messages.end(), std::size_t{0},
        [](std::size_t sum, const std::string& message) { return sum + message.size(); });
    auto& peers = state_->peers;
    const auto known = peers.find(to);
    const std::size_t queued = known == peers.end() ? 0 : known->second->queued;
    // An idle peer takes an order of any size: all that a newcomer lacks is one.
    if ((queued != 0 && queued + order.bytes > state_->limits.queued_bytes) ||
        state_->queued + order.bytes > state_->limits.all_queued_bytes) {
        ++state_->counts.refused;
        state_->finish(order, 0, false);
        return;
    }
    const auto peer = known != peers.end() ? known->second : std::make_shared<Peer>(state_, to);
    peer->queued += order.bytes;
    state_->queued += order.bytes;
    peer->orders.push_back(std::move(order));
    if (known == peers.end()) {
        peers.emplace(to, peer);
        state_->place(peer);
    } else if (peer->phase == Peer::Phase::idle) {
        peer->write_next();
    }
}

const StreamPool::Counts& StreamPool::counts() const noexcept {
    return state_->counts;
}

std::size_t StreamPool::connections() const noexcept {
    return state_->open;
}

}  // namespace hab::gossip
