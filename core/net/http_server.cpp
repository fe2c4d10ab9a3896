// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unordered_set>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "net/http_session.hpp"
#include "net/listen_socket.hpp"

namespace hab::net {

namespace {

namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;  // TCP and unix sockets alike
using Code = boost::system::error_code;

/// Connections taken in one turn of the loop.
constexpr int accept_batch = 32;

}  // namespace

class HttpServerState final : public HttpSessionOwner,
                              public std::enable_shared_from_this<HttpServerState> {
public:
    HttpServerState(asio::io_context& loop, const Endpoint& address, HttpServerLimits limits,
                    HttpHandler handler, std::shared_ptr<TlsContext> tls)
        : loop_(loop),
          limits_(limits),
          handler_(std::move(handler)),
          tls_(std::move(tls)),
          acceptor_(loop),
          retry_(loop),
          sweeper_(loop) {
        ListenSocket socket = open_listen_socket(address);
        const int protocol = socket.family == AF_UNIX ? 0 : IPPROTO_TCP;
        acceptor_.assign(Protocol(socket.family, protocol), socket.fd.release());
        local_ = socket.local;
    }

    void accept();
    void stop();

    HttpServerResponse answer(const HttpServerRequest& request) noexcept override;
    [[nodiscard]] const HttpServerLimits& limits() const noexcept override { return limits_; }
    [[nodiscard]] bool take_stream_slot() noexcept override {
        if (streams_ >= limits_.streams) return false;
        ++streams_;
        return true;
    }
    void free_stream_slot() noexcept override { --streams_; }
    void deadline_set(Time deadline) noexcept override;
    void forget(HttpSession* session) noexcept override;

    [[nodiscard]] const Endpoint& local() const noexcept { return local_; }
    [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }

private:
    void accept_some();
    void retry_later();
    /// True if there is room for one more connection, at the cost of one that only waits.
    bool make_room();
    void sweep();

    asio::io_context& loop_;
    HttpServerLimits limits_;
    HttpHandler handler_;
    std::shared_ptr<TlsContext> tls_;
    asio::basic_socket_acceptor<Protocol> acceptor_;
    asio::steady_timer retry_;
    /// One timer for all connections: most deadlines are moved long before they are due.
    asio::steady_timer sweeper_;
    Time next_sweep_ = Time::max();
    Endpoint local_;
    std::unordered_set<HttpSession*> sessions_;
    std::size_t streams_ = 0;
    bool accepting_ = false;
    bool stopped_ = false;
};

void HttpServerState::accept() {
    if (stopped_ || accepting_) return;
    accepting_ = true;
    acceptor_.async_wait(asio::socket_base::wait_read,
                         [self = shared_from_this()](const Code& code) {
                             self->accepting_ = false;
                             if (!code) self->accept_some();
                         });
}

void HttpServerState::accept_some() {
    for (int i = 0; i < accept_batch && !stopped_; ++i) {
        // Nobody loses a place for a connection that is not there: only the first is known to be.
        if (i > 0 && sessions_.size() >= limits_.connections) break;
        if (!make_room()) return;  // forget() goes on
        UniqueFd fd(
            ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!fd) {
            const int why = errno;
            if (why == EAGAIN || why == EWOULDBLOCK) break;
            if (why == ECONNABORTED || why == EINTR) continue;
            log::warn("net", "cannot accept on {}: {}", local_.to_string(),
                      std::generic_category().message(why));
            retry_later();
            return;
        }
        try {
            auto session = std::make_shared<HttpSession>(
                shared_from_this(), open_byte_stream(loop_, std::move(fd), tls_));
            sessions_.insert(session.get());
            session->begin();
        } catch (const std::exception& error) {  // edge: one connection must not stop the loop
            log::warn("net", "cannot serve a connection: {}", error.what());
        }
    }
    accept();
}

/// Out of descriptors: trying again at once would spin.
void HttpServerState::retry_later() {
    accepting_ = true;
    retry_.expires_after(std::chrono::milliseconds(100));
    retry_.async_wait([self = shared_from_this()](const Code& code) {
        self->accepting_ = false;
        if (!code) self->accept();
    });
}

bool HttpServerState::make_room() {
    if (sessions_.size() < limits_.connections) return true;
    HttpSession* longest = nullptr;
    for (HttpSession* const session : sessions_) {
        if (session->waits() && (longest == nullptr || session->deadline() < longest->deadline()))
            longest = session;
    }
    if (longest == nullptr) return false;
    // Its place is counted free at once; its last callback comes a moment later.
    sessions_.erase(longest);
    longest->close();
    return true;
}

void HttpServerState::deadline_set(Time deadline) noexcept {
    if (deadline >= next_sweep_ || stopped_) return;
    next_sweep_ = deadline;
    sweeper_.expires_at(deadline);
    sweeper_.async_wait([self = shared_from_this()](const Code& code) {
        if (!code) self->sweep();
    });
}

void HttpServerState::sweep() {
    const Time now = std::chrono::steady_clock::now();
    next_sweep_ = Time::max();
    Time next = Time::max();
    std::vector<std::shared_ptr<HttpSession>> due;
    for (HttpSession* const session : sessions_) {
        if (session->deadline() <= now) {
            due.push_back(session->shared_from_this());
        } else {
            next = std::min(next, session->deadline());
        }
    }
    for (const auto& session : due)
        session->close();
    if (next != Time::max()) deadline_set(next);
}

void HttpServerState::stop() {
    stopped_ = true;
    Code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    sweeper_.cancel();
    std::vector<std::shared_ptr<HttpSession>> open;
    for (HttpSession* const session : sessions_)
        open.push_back(session->shared_from_this());
    for (const auto& session : open)
        session->close();
    if (!local_.unix_path.empty()) ::unlink(local_.unix_path.c_str());
}

void HttpServerState::forget(HttpSession* session) noexcept {
    sessions_.erase(session);
    accept();
}

HttpServerResponse HttpServerState::answer(const HttpServerRequest& request) noexcept {
    try {
        return handler_(request);
    } catch (const std::exception& error) {  // edge: one request must not stop the loop
        log::error("net", "{} {}: {}", request.method, request.path, error.what());
        return {.status = 500};
    }
}

HttpServer::HttpServer(asio::io_context& loop, const Endpoint& address, HttpServerLimits limits,
                       HttpHandler handler, std::shared_ptr<TlsContext> tls)
    : state_(std::make_shared<HttpServerState>(loop, address, limits, std::move(handler),
                                               std::move(tls))) {
    state_->accept();
}

HttpServer::~HttpServer() {
    state_->stop();
}

const Endpoint& HttpServer::local() const noexcept {
    return state_->local();
}

std::size_t HttpServer::connections() const noexcept {
    return state_->connections();
}

HttpServerResponse HttpServerResponse::text(unsigned status, std::string body,
                                            std::string content_type) {
    HttpServerResponse response;
    response.status = status;
    response.content_type = std::move(content_type);
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

std::string_view find_header(const HttpHeaders& headers, std::string_view name) noexcept {
    const auto same = [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : int{c}; };
        return lower(a) == lower(b);
    };
    for (const auto& [key, value] : headers) {
        if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
    }
    return {};
}

}  // namespace hab::net
