// SPDX-License-Identifier: Apache-2.0
// The only translation unit that sees Boost.Beast.
#include "net/http_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>
#include <optional>

#include "base/strings.hpp"
#include "net/url.hpp"

namespace hab::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Code = boost::beast::error_code;
using Parser = http::request_parser<http::string_body>;

unsigned status_of(const Code& code) {
    if (code == http::error::header_limit || code == http::error::buffer_overflow) return 431;
    if (code == http::error::body_limit) return 413;
    return 400;
}

/// False when the target is not an absolute path with valid escapes.
bool convert(Parser& parser, HttpServerRequest& request) {
    auto message = parser.release();
    const std::string_view target(message.target().data(), message.target().size());
    const auto mark = target.find('?');
    auto path = percent_decode(target.substr(0, mark));
    if (!path || !path->starts_with('/')) return false;
    request.method = std::string(message.method_string());
    request.path = std::move(*path);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
    for (const auto& field : message) {
        request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = std::move(message.body());
    return true;
}

bool is_safe(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

class HttpRequestReader::State {
public:
    State(std::size_t header_limit, std::size_t body_limit)
        : header_limit_(header_limit), body_limit_(body_limit) {}

    Outcome feed(std::string_view bytes) {
        waiting_.append(bytes);
        if (refusal_ != 0) return Outcome::refused;
        if (!parser_) begin();
        while (!waiting_.empty() && !parser_->is_done()) {
            if (is_short_of_a_chunk()) return Outcome::incomplete;
            Code code;
            const std::size_t used = parser_->put(asio::buffer(waiting_), code);
            waiting_.erase(0, used);
            if (code == http::error::need_more) return Outcome::incomplete;
            if (code) return refuse(status_of(code));
            if (used == 0) break;
        }
        if (!parser_->is_done()) return Outcome::incomplete;
        keep_alive_ = parser_->get().keep_alive();
        const bool ok = convert(*parser_, request);
        parser_.reset();
        return ok ? Outcome::complete : refuse(400);
    }

    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] unsigned refusal() const noexcept { return refusal_; }
    [[nodiscard]] bool begun() const noexcept {
        return !waiting_.empty() || (parser_ && parser_->got_some());
    }

    HttpServerRequest request;

private:
    void begin() {
        request = {};
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
        parser_->body_limit(body_limit_);
        parser_->eager(true);
    }
    /// The parser asserts that a last chunk it saw the beginning of has come whole: "0", two line ends.
    [[nodiscard]] bool is_short_of_a_chunk() const {
        return parser_->is_header_done() && parser_->chunked() && waiting_.size() < 5;
    }
    Outcome refuse(unsigned status) {
        refusal_ = status;
        parser_.reset();
        return Outcome::refused;
    }

    std::size_t header_limit_, body_limit_;
    std::optional<Parser> parser_;
    std::string waiting_;
    bool keep_alive_ = false;
    unsigned refusal_ = 0;
};

HttpRequestReader::HttpRequestReader(std::size_t header_limit, std::size_t body_limit)
    : state_(std::make_unique<State>(header_limit, body_limit)) {}
HttpRequestReader::~HttpRequestReader() = default;

HttpRequestReader::Outcome HttpRequestReader::feed(std::string_view bytes) {
    return state_->feed(bytes);
}
HttpServerRequest& HttpRequestReader::request() noexcept {
    return state_->request;
}
bool HttpRequestReader::keep_alive() const noexcept {
    return state_->keep_alive();
}
unsigned HttpRequestReader::status() const noexcept {
    return state_->refusal();
}
bool HttpRequestReader::begun() const noexcept {
    return state_->begun();
}

std::string http_response_head(const HttpServerResponse& response, const HttpFraming& framing) {
    const auto phrase = http::obsolete_reason(http::int_to_status(response.status));
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nServer: hab\r\n", response.status,
                                   std::string_view(phrase.data(), phrase.size()));
    const auto out = std::back_inserter(head);
    const bool has_body = framing.until_close || framing.length > 0;
    if (has_body) fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
    for (const auto& [name, value] : response.headers) {
        if (is_safe(name) && is_safe(value)) fmt::format_to(out, "{}: {}\r\n", name, value);
    }
    head += framing.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
    // "Not modified" speaks of a body that it does not have.
    if (!framing.until_close && response.status != 304)
        fmt::format_to(out, "Content-Length: {}\r\n", framing.length);
    head += "\r\n";
    return head;
}

}  // namespace hab::net
