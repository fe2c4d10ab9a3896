// SPDX-License-Identifier: Apache-2.0
// One connection of an HttpServer. Private to net/.
#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "net/byte_stream.hpp"
#include "net/http_message.hpp"

namespace hab::net {

class HttpSession;

/// What a connection needs of its server.
class HttpSessionOwner {
public:
    using Time = std::chrono::steady_clock::time_point;
    virtual ~HttpSessionOwner() = default;
    [[nodiscard]] virtual HttpServerResponse answer(const HttpServerRequest& request) noexcept = 0;
    [[nodiscard]] virtual const HttpServerLimits& limits() const noexcept = 0;
    /// False when there are as many streams as there may be.
    [[nodiscard]] virtual bool take_stream_slot() noexcept = 0;
    virtual void free_stream_slot() noexcept = 0;
    /// A session is to be closed at `deadline` unless it has another one then.
    virtual void deadline_set(Time deadline) noexcept = 0;
    virtual void forget(HttpSession* session) noexcept = 0;
};

/// Reads a request, answers it, again. Kept alive by its pending operations; there is always one until
/// it is closed.
class HttpSession final : public std::enable_shared_from_this<HttpSession> {
public:
    using Time = HttpSessionOwner::Time;

    HttpSession(std::shared_ptr<HttpSessionOwner> owner, std::unique_ptr<ByteStream> stream);
    ~HttpSession();
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    void begin() { await_request(); }
    void close();
    /// When it has waited long enough for its client.
    [[nodiscard]] Time deadline() const noexcept { return deadline_; }
    /// Whether no request of its client is being answered.
    [[nodiscard]] bool waits() const noexcept { return phase_ == Phase::waiting; }

    // See HttpStream.
    bool send(std::shared_ptr<const std::string> bytes);
    void end();
    void on_close(std::function<void()> closed);

private:
    enum class Phase { waiting, answering, streaming, draining, closed };

    void set_deadline(Time deadline) noexcept;
    void allow_idle() noexcept;
    void await_request();
    void read();
    void on_read(const std::error_code& code, std::size_t count);
    void progress(HttpRequestReader::Outcome outcome);
    void respond(HttpServerResponse answer, bool keep_alive, bool head_only);
    void write_answer();
    void begin_stream(const HttpServerResponse& answer);
    void pump();
    void finish();

    std::shared_ptr<HttpSessionOwner> owner_;
    std::unique_ptr<ByteStream> stream_;
    HttpRequestReader reader_;
    std::unique_ptr<char[]> input_;
    std::string head_;
    std::shared_ptr<const std::string> body_;
    std::deque<std::shared_ptr<const std::string>> queue_;  ///< the first one is being written
    std::size_t queued_ = 0;
    std::function<void()> on_close_;
    Time deadline_{};
    std::size_t drain_left_ = 1u << 20;
    Phase phase_ = Phase::waiting;
    bool keep_alive_ = false;
    bool has_slot_ = false;
    bool writing_ = false;
    bool ended_ = false;
};

}  // namespace hab::net
