// SPDX-License-Identifier: Apache-2.0
#include "net/tls_stream.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace hab::net {

namespace {

constexpr std::size_t wire_chunk = 16 * 1024;
/// How much is encrypted ahead of the socket.
constexpr std::size_t plain_chunk = 64 * 1024;

std::error_code failure() {
    return std::make_error_code(std::errc::protocol_error);
}

/// What is under way outlives the stream's owner: callbacks of the socket hold this.
class TlsState final : public std::enable_shared_from_this<TlsState> {
public:
    TlsState(boost::asio::io_context& loop, std::unique_ptr<ByteStream> raw,
             std::unique_ptr<TlsSession> session)
        : loop_(loop), raw_(std::move(raw)), session_(std::move(session)), wire_in_(wire_chunk) {}

    /// A client speaks first.
    void begin() { flush(); }

    void read_some(std::span<char> into, ByteStream::Done done) {
        reader_ = {into, std::move(done)};
        serve_reader();
    }

    void write(std::array<std::string_view, 2> pieces, ByteStream::Done done) {
        writer_ = {pieces, pieces[0].size() + pieces[1].size(), std::move(done)};
        serve_writer();
    }

    void end_writing() {
        if (std::exchange(ending_, true)) return;
        if (session_->state() == TlsSession::State::open) session_->finish();
        flush();
        if (!flushing_) raw_->end_writing();
    }

    void close() {
        closed_ = true;
        raw_->close();
    }

    [[nodiscard]] const std::string& peer() const noexcept { return raw_->peer(); }
    [[nodiscard]] const std::string& error() const noexcept { return session_->error(); }

private:
    struct Reader {
        std::span<char> into;
        ByteStream::Done done;
    };
    struct Writer {
        std::array<std::string_view, 2> left;
        std::size_t size = 0;
        ByteStream::Done done;
    };

    /// Never from within the call that asked.
    void finish_later(ByteStream::Done& done, std::error_code code, std::size_t count) {
        boost::asio::post(loop_, [self = shared_from_this(), done = std::exchange(done, {}), code,
                                  count] { done(code, count); });
    }

    void serve_reader() {
        if (!reader_.done) return;
        if (!plain_.empty()) {
            const std::size_t count = std::min(plain_.size(), reader_.into.size());
            std::copy_n(plain_.begin(), count, reader_.into.begin());
            plain_.erase(0, count);
            finish_later(reader_.done, {}, count);
        } else if (raw_error_ || session_->state() == TlsSession::State::failed) {
            finish_later(reader_.done, raw_error_ ? raw_error_ : failure(), 0);
        } else if (raw_ended_ || session_->state() == TlsSession::State::closed) {
            // A connection cut off without goodbye is an error: something may be missing.
            const bool clean = session_->state() == TlsSession::State::closed;
            finish_later(reader_.done, clean ? std::error_code() : failure(), 0);
        } else {
            fetch();
        }
    }

    void fetch() {
        if (fetching_) return;
        fetching_ = true;
        raw_->read_some(
            wire_in_, [self = shared_from_this()](const std::error_code& code, std::size_t count) {
                self->fetched(code, count);
            });
    }

    void fetched(const std::error_code& code, std::size_t count) {
        fetching_ = false;
        raw_error_ = code;
        raw_ended_ = !code && count == 0;
        if (count > 0) session_->received({wire_in_.data(), count}, plain_);
        flush();
        serve_reader();
        serve_writer();
    }

    void serve_writer() {
        if (!writer_.done || flushing_) return;
        if (raw_error_ || closed_) {
            finish_later(writer_.done, raw_error_ ? raw_error_ : failure(), 0);
            return;
        }
        switch (session_->state()) {
            case TlsSession::State::handshake:
                if (raw_ended_) {
                    finish_later(writer_.done, failure(), 0);
                } else {
                    fetch();
                }
                return;
            case TlsSession::State::failed:
                finish_later(writer_.done, failure(), 0);
                return;
            case TlsSession::State::open:
            case TlsSession::State::closed:
                break;
        }
        auto& piece = writer_.left[0].empty() ? writer_.left[1] : writer_.left[0];
        if (piece.empty()) {
            finish_later(writer_.done, {}, writer_.size);
            return;
        }
        const std::size_t count = std::min(piece.size(), plain_chunk);
        session_->send(piece.substr(0, count));
        piece.remove_prefix(count);
        flush();
    }

    void flush() {
        if (flushing_ || closed_) return;
        wire_out_ = session_->take_wire();
        if (wire_out_.empty()) return;
        flushing_ = true;
        raw_->write({wire_out_, {}},
                    [self = shared_from_this()](const std::error_code& code, std::size_t) {
                        self->flushed(code);
                    });
    }

    void flushed(const std::error_code& code) {
        flushing_ = false;
        if (code) raw_error_ = code;
        if (!raw_error_) flush();
        if (ending_ && !flushing_) raw_->end_writing();
        serve_writer();
    }

    boost::asio::io_context& loop_;
    std::unique_ptr<ByteStream> raw_;
    std::unique_ptr<TlsSession> session_;
    std::vector<char> wire_in_;
    std::string wire_out_;
    std::string plain_;
    Reader reader_;
    Writer writer_;
    std::error_code raw_error_;
    bool raw_ended_ = false;
    bool fetching_ = false;
    bool flushing_ = false;
    bool ending_ = false;
    bool closed_ = false;
};

class TlsStream final : public ByteStream {
public:
    explicit TlsStream(std::shared_ptr<TlsState> state) : state_(std::move(state)) {
        state_->begin();
    }
    ~TlsStream() override { state_->close(); }
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    void read_some(std::span<char> into, Done done) override {
        state_->read_some(into, std::move(done));
    }
    void write(std::array<std::string_view, 2> pieces, Done done) override {
        state_->write(pieces, std::move(done));
    }
    void end_writing() noexcept override { state_->end_writing(); }
    void close() noexcept override { state_->close(); }
    [[nodiscard]] const std::string& peer() const noexcept override { return state_->peer(); }
    [[nodiscard]] const std::string& tls_error() const noexcept override { return state_->error(); }

private:
    std::shared_ptr<TlsState> state_;
};

}  // namespace

std::unique_ptr<ByteStream> make_tls_stream(boost::asio::io_context& loop,
                                            std::unique_ptr<ByteStream> raw,
                                            std::unique_ptr<TlsSession> session) {
    return std::make_unique<TlsStream>(
        std::make_shared<TlsState>(loop, std::move(raw), std::move(session)));
}

}  // namespace hab::net
