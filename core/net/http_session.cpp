// SPDX-License-Identifier: Apache-2.0
#include "net/http_session.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace hab::net {

namespace {

constexpr std::size_t input_size = 4096;

std::chrono::steady_clock::time_point from_now(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

/// What writers of a stream hold: the session, and with it its server, may go before them.
class Handle final : public HttpStream {
public:
    explicit Handle(std::weak_ptr<HttpSession> session) : session_(std::move(session)) {}

    bool send(std::shared_ptr<const std::string> bytes) override {
        const auto session = session_.lock();
        return session && session->send(std::move(bytes));
    }
    void end() override {
        if (const auto session = session_.lock()) session->end();
    }
    void on_close(std::function<void()> closed) override {
        if (const auto session = session_.lock()) session->on_close(std::move(closed));
    }

private:
    std::weak_ptr<HttpSession> session_;
};

}  // namespace

HttpSession::HttpSession(std::shared_ptr<HttpSessionOwner> owner,
                         std::unique_ptr<ByteStream> stream)
    : owner_(std::move(owner)),
      stream_(std::move(stream)),
      reader_(owner_->limits().header_bytes, owner_->limits().body_bytes),
      input_(std::make_unique_for_overwrite<char[]>(input_size)) {}

HttpSession::~HttpSession() {
    close();
    owner_->forget(this);
}

void HttpSession::close() {
    if (std::exchange(phase_, Phase::closed) == Phase::closed) return;
    if (std::exchange(has_slot_, false)) owner_->free_stream_slot();
    if (auto closed = std::exchange(on_close_, {})) closed();
    stream_->close();
}

void HttpSession::set_deadline(Time deadline) noexcept {
    deadline_ = deadline;
    if (deadline != Time::max()) owner_->deadline_set(deadline);
}

void HttpSession::allow_idle() noexcept {
    set_deadline(from_now(owner_->limits().idle));
}

void HttpSession::await_request() {
    phase_ = Phase::waiting;
    allow_idle();
    // What came behind the request before.
    if (reader_.begun()) {
        progress(reader_.feed({}));
    } else {
        read();
    }
}

void HttpSession::read() {
    stream_->read_some({input_.get(), input_size},
                       [self = shared_from_this()](const std::error_code& code, std::size_t count) {
                           self->on_read(code, count);
                       });
}

void HttpSession::on_read(const std::error_code& code, std::size_t count) {
    if (!stream_->tls_error().empty())
        log::debug("net", "TLS with {}: {}", stream_->peer(), stream_->tls_error());
    if (phase_ == Phase::closed) return;
    if (code || count == 0) {
        // A client that has sent a request may stop sending; it still gets its answer.
        if (phase_ != Phase::answering) close();
        return;
    }
    if (phase_ == Phase::waiting) {
        progress(reader_.feed({input_.get(), count}));
    } else if (phase_ == Phase::streaming) {
        read();  // whatever it says, it is not asked
    } else if (phase_ == Phase::draining) {
        drain_left_ -= std::min(count, drain_left_);
        if (drain_left_ == 0) {
            close();
        } else {
            read();
        }
    }
}

void HttpSession::progress(HttpRequestReader::Outcome outcome) {
    switch (outcome) {
        case HttpRequestReader::Outcome::incomplete:
            read();
            return;
        case HttpRequestReader::Outcome::refused:
            respond({.status = reader_.status(), .content_type = "text/plain"}, false, false);
            return;
        case HttpRequestReader::Outcome::complete:
            break;
    }
    HttpServerRequest& request = reader_.request();
    request.peer = stream_->peer();
    phase_ = Phase::answering;
    respond(owner_->answer(request), reader_.keep_alive(), request.method == "HEAD");
}

void HttpSession::respond(HttpServerResponse answer, bool keep_alive, bool head_only) {
    phase_ = Phase::answering;
    if (answer.stream) {
        if (head_only) {
            answer.stream = {};
            answer.body = {};
            head_ = http_response_head(answer, {false, true, 0});
            keep_alive_ = false;
            write_answer();
            return;
        }
        if (owner_->take_stream_slot()) {
            has_slot_ = true;
            begin_stream(answer);
            return;
        }
        answer = {.status = 503, .headers = {{"Retry-After", "5"}}};
    }
    const std::size_t length = answer.body ? answer.body->size() : 0;
    keep_alive_ = keep_alive;
    head_ = http_response_head(answer, {keep_alive, false, length});
    body_ = head_only ? nullptr : std::move(answer.body);
    write_answer();
}

void HttpSession::write_answer() {
    allow_idle();
    const std::string_view body = body_ ? std::string_view(*body_) : std::string_view();
    stream_->write({head_, body},
                   [self = shared_from_this()](const std::error_code& code, std::size_t) {
                       self->body_.reset();
                       if (self->phase_ == Phase::closed) return;
                       if (code) {
                           self->close();
                       } else if (self->keep_alive_) {
                           self->await_request();
                       } else {
                           self->finish();
                       }
                   });
}

void HttpSession::begin_stream(const HttpServerResponse& answer) {
    phase_ = Phase::streaming;
    set_deadline(Time::max());
    read();  // to learn when the client goes
    (void)send(std::make_shared<const std::string>(http_response_head(answer, {false, true, 0})));
    answer.stream(std::make_shared<Handle>(weak_from_this()));
}

bool HttpSession::send(std::shared_ptr<const std::string> bytes) {
    if (phase_ != Phase::streaming || ended_) return false;
    if (queued_ + bytes->size() > owner_->limits().stream_bytes) {
        log::debug("net", "dropping {}: it does not read what it asked for", stream_->peer());
        close();
        return false;
    }
    queued_ += bytes->size();
    queue_.push_back(std::move(bytes));
    if (!writing_) pump();
    return true;
}

void HttpSession::pump() {
    if (queue_.empty()) {
        set_deadline(Time::max());
        if (ended_) finish();
        return;
    }
    writing_ = true;
    allow_idle();
    const bool two = queue_.size() > 1;
    stream_->write({*queue_[0], two ? std::string_view(*queue_[1]) : std::string_view()},
                   [self = shared_from_this(), two](const std::error_code& code, std::size_t) {
                       self->writing_ = false;
                       for (int i = two ? 2 : 1; i > 0; --i) {
                           self->queued_ -= self->queue_.front()->size();
                           self->queue_.pop_front();
                       }
                       if (self->phase_ != Phase::streaming) return;
                       if (code) {
                           self->close();
                       } else {
                           self->pump();
                       }
                   });
}

void HttpSession::end() {
    if (phase_ != Phase::streaming || std::exchange(ended_, true)) return;
    if (!writing_) pump();
}

void HttpSession::on_close(std::function<void()> closed) {
    if (phase_ == Phase::streaming) on_close_ = std::move(closed);
}

/// Closing with unread bytes would reset the connection and could destroy the answer on its way, so
/// what the client still sends is read and dropped, within limits.
void HttpSession::finish() {
    const bool reading = phase_ == Phase::streaming;
    phase_ = Phase::draining;
    if (std::exchange(has_slot_, false)) owner_->free_stream_slot();
    if (auto closed = std::exchange(on_close_, {})) closed();
    stream_->end_writing();
    set_deadline(from_now(std::chrono::seconds(2)));
    if (!reading) read();
}

}  // namespace hab::net
