// SPDX-License-Identifier: Apache-2.0
// The only translation unit that sees Boost.Beast (20 s and 650 MB to compile at -O2, measured).
#include "net/http_server.hpp"

#include <fcntl.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <unordered_set>

#include "base/log.hpp"
#include "net/listen_socket.hpp"
#include "net/url.hpp"

namespace hab::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using Protocol = asio::generic::stream_protocol;  // TCP and unix sockets alike
using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using Stream = beast::basic_stream<Protocol, Executor>;
using Code = beast::error_code;

/// A body that is shared with the handler that made it: a snapshot of 100 kB that 64 clients read
/// at once exists once.
struct SharedBody {
    using value_type = std::shared_ptr<const std::string>;
    static std::uint64_t size(const value_type& body) noexcept { return body ? body->size() : 0; }

    // Beast looks for these two names.
    class writer {  // NOLINT(readability-identifier-naming)
    public:
        using const_buffers_type = asio::const_buffer;  // NOLINT(readability-identifier-naming)
        template <bool is_request, class Fields>
        writer(const http::header<is_request, Fields>&, const value_type& body) : body_(body) {}
        void init(Code& code) { code = {}; }
        boost::optional<std::pair<const_buffers_type, bool>> get(Code& code) {
            code = {};
            if (!body_ || body_->empty()) return boost::none;
            return std::make_pair(asio::const_buffer(body_->data(), body_->size()), false);
        }

    private:
        const value_type& body_;
    };
};

using Response = http::response<SharedBody>;

std::string peer_name(Stream& stream) {
    Code code;
    const auto raw = stream.socket().remote_endpoint(code);
    if (code || (raw.protocol().family() != AF_INET && raw.protocol().family() != AF_INET6))
        return {};
    asio::ip::tcp::endpoint tcp;
    std::memcpy(tcp.data(), raw.data(), std::min(raw.size(), tcp.capacity()));
    return tcp.address().to_string();
}

/// Nothing when the target is not an absolute path with valid escapes.
std::optional<HttpServerRequest> convert(http::request<http::string_body>&& message) {
    const std::string_view target(message.target().data(), message.target().size());
    const auto mark = target.find('?');
    auto path = percent_decode(target.substr(0, mark));
    if (!path || !path->starts_with('/')) return std::nullopt;
    HttpServerRequest request;
    request.method = std::string(message.method_string());
    request.path = std::move(*path);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
    for (const auto& field : message) {
        request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = std::move(message.body());
    return request;
}

/// Status for a request that could not be read; 0 when there is nobody to answer.
unsigned status_of(const Code& code) {
    if (code == http::error::header_limit || code == http::error::buffer_overflow) return 431;
    if (code == http::error::body_limit) return 413;
    if (code == http::error::end_of_stream || code == http::error::partial_message) return 0;
    static const auto& parse_errors = http::make_error_code(http::error::bad_method).category();
    return code.category() == parse_errors ? 400 : 0;
}

}  // namespace

class HttpSession;

class HttpServerState : public std::enable_shared_from_this<HttpServerState> {
public:
    HttpServerState(asio::io_context& loop, const Endpoint& address, HttpServerLimits limits,
                    HttpHandler handler)
        : limits_(limits), handler_(std::move(handler)), acceptor_(loop), retry_(loop) {
        ListenSocket socket = open_listen_socket(address);
        const int protocol = socket.family == AF_UNIX ? 0 : IPPROTO_TCP;
        acceptor_.assign(Protocol(socket.family, protocol), socket.fd.release());
        local_ = socket.local;
    }

    void accept();
    void stop();
    void forget(HttpSession* session);
    HttpServerResponse answer(const HttpServerRequest& request) const noexcept;

    [[nodiscard]] const Endpoint& local() const noexcept { return local_; }
    [[nodiscard]] const HttpServerLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }

private:
    void accepted(const Code& code,
                  Acceptor::protocol_type::socket::rebind_executor<Executor>::other socket);

    HttpServerLimits limits_;
    HttpHandler handler_;
    Acceptor acceptor_;
    asio::steady_timer retry_;
    Endpoint local_;
    std::unordered_set<HttpSession*> sessions_;
    bool accepting_ = false;
    bool stopped_ = false;
};

/// One connection: read a request, answer it, again. Kept alive by its pending operation.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    using Socket = Acceptor::protocol_type::socket::rebind_executor<Executor>::other;

    HttpSession(std::shared_ptr<HttpServerState> server, Socket socket)
        : server_(std::move(server)), stream_(std::move(socket)), peer_(peer_name(stream_)) {}
    ~HttpSession() { server_->forget(this); }
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    void read() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(server_->limits().header_bytes));
        parser_->body_limit(server_->limits().body_bytes);
        stream_.expires_after(server_->limits().idle);
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](const Code& code, std::size_t) { self->on_read(code); });
    }
    void close() { stream_.close(); }

private:
    void on_read(const Code& code) {
        if (code) {
            const unsigned status = status_of(code);
            if (status != 0)
                respond({.status = status, .content_type = "text/plain"}, false, false);
            return;
        }
        auto message = parser_->release();
        const bool keep = message.keep_alive();
        const bool head_only = message.method() == http::verb::head;
        version_ = message.version();
        auto request = convert(std::move(message));
        if (!request) {
            respond({.status = 400, .content_type = "text/plain"}, false, head_only);
            return;
        }
        request->peer = peer_;
        respond(server_->answer(*request), keep, head_only);
    }

    void respond(HttpServerResponse answer, bool keep, bool head_only) {
        response_.emplace();
        response_->version(version_);
        response_->result(answer.status);
        response_->set(http::field::server, "hab");
        const std::size_t size = answer.body ? answer.body->size() : 0;
        if (size > 0) response_->set(http::field::content_type, answer.content_type);
        for (const auto& [name, value] : answer.headers)
            response_->set(name, value);
        response_->keep_alive(keep);
        response_->content_length(size);
        if (!head_only) response_->body() = std::move(answer.body);
        stream_.expires_after(server_->limits().idle);
        http::async_write(stream_, *response_,
                          [self = shared_from_this(), keep](const Code& code, std::size_t) {
                              self->response_.reset();
                              if (!code && keep) {
                                  self->read();
                              } else {
                                  self->finish();
                              }
                          });
    }
    /// Closing with unread bytes would reset the connection and could destroy the answer on its
    /// way, so what the client still sends is read and dropped, within limits.
    void finish() {
        Code ignored;
        stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        stream_.expires_after(std::chrono::seconds(2));
        drain(1u << 20);
    }
    void drain(std::size_t budget) {
        buffer_.clear();
        stream_.async_read_some(
            buffer_.prepare(16 * 1024),
            [self = shared_from_this(), budget](const Code& code, std::size_t count) {
                if (!code && count < budget) self->drain(budget - count);
            });
    }

    std::shared_ptr<HttpServerState> server_;
    Stream stream_;
    std::string peer_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::optional<Response> response_;
    unsigned version_ = 11;
};

void HttpServerState::accept() {
    if (stopped_ || accepting_ || sessions_.size() >= limits_.connections) return;
    accepting_ = true;
    acceptor_.async_accept([self = shared_from_this()](const Code& code, auto socket) {
        self->accepted(code, std::move(socket));
    });
}

void HttpServerState::accepted(const Code& code, HttpSession::Socket socket) {
    accepting_ = false;
    if (stopped_) return;
    if (code) {
        // Out of descriptors: trying again at once would spin.
        log::warn("net", "cannot accept on {}: {}", local_.to_string(), code.message());
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([self = shared_from_this()](const Code& wait) {
            if (!wait) self->accept();
        });
        return;
    }
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    auto session = std::make_shared<HttpSession>(shared_from_this(), std::move(socket));
    sessions_.insert(session.get());
    session->read();
    accept();
}

void HttpServerState::stop() {
    stopped_ = true;
    Code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    for (HttpSession* const session : sessions_)
        session->close();
    if (!local_.unix_path.empty()) ::unlink(local_.unix_path.c_str());
}

void HttpServerState::forget(HttpSession* session) {
    sessions_.erase(session);
    accept();
}

HttpServerResponse HttpServerState::answer(const HttpServerRequest& request) const noexcept {
    try {
        return handler_(request);
    } catch (const std::exception& error) {  // edge: one request must not stop the loop
        log::error("net", "{} {}: {}", request.method, request.path, error.what());
        return {.status = 500};
    }
}

HttpServer::HttpServer(asio::io_context& loop, const Endpoint& address, HttpServerLimits limits,
                       HttpHandler handler)
    : state_(std::make_shared<HttpServerState>(loop, address, limits, std::move(handler))) {
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
    return {.status = status,
            .content_type = std::move(content_type),
            .headers = {},
            .body = std::make_shared<const std::string>(std::move(body))};
}

std::string_view find_header(const HttpHeaders& headers, std::string_view name) noexcept {
    for (const auto& [key, value] : headers) {
        if (beast::iequals(key, name)) return value;
    }
    return {};
}

}  // namespace hab::net
