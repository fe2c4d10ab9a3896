// SPDX-License-Identifier: Apache-2.0
#include "net/openssl/session.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace hab::net::openssl {

namespace {

int int_size(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

/// Never says "end of file" when it is empty, but "later".
BIO* new_buffer() {
    BIO* const bio = BIO_new(BIO_s_mem());
    if (bio == nullptr) throw std::bad_alloc();
    BIO_set_mem_eof_return(bio, -1);
    return bio;
}

}  // namespace

Session::Session(Connection connection)
    : connection_(std::move(connection)), in_(new_buffer()), out_(new_buffer()) {
    SSL_set_bio(connection_.get(), in_, out_);
    if (SSL_is_server(connection_.get()) == 0) shake_hands();
}

void Session::fail(std::string reason) {
    state_ = State::failed;
    error_ = std::move(reason);
    ERR_clear_error();
}

bool Session::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(connection_.get());
    if (result == 1) {
        state_ = State::open;
        return true;
    }
    const int why = SSL_get_error(connection_.get(), result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return false;
    std::string reason = take_reason();
    const long verified = SSL_get_verify_result(connection_.get());
    if (verified != X509_V_OK)
        reason += std::string(" (") + X509_verify_cert_error_string(verified) + ")";
    fail(std::move(reason));
    return false;
}

Session::State Session::received(std::string_view wire, std::string& plain) {
    if (state_ == State::failed || state_ == State::closed) return state_;
    while (!wire.empty()) {
        const int taken = BIO_write(in_, wire.data(), int_size(wire.size()));
        if (taken <= 0) throw std::bad_alloc();  // a memory buffer has no other reason
        wire.remove_prefix(static_cast<std::size_t>(taken));
    }
    if (state_ == State::handshake && !shake_hands()) return state_;
    read(plain);
    return state_;
}

void Session::read(std::string& plain) {
    std::array<char, 16 * 1024> buffer;
    while (true) {
        ERR_clear_error();
        const int count = SSL_read(connection_.get(), buffer.data(), int_size(buffer.size()));
        if (count > 0) {
            plain.append(buffer.data(), static_cast<std::size_t>(count));
            continue;
        }
        switch (SSL_get_error(connection_.get(), count)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE:
                return;
            case SSL_ERROR_ZERO_RETURN:
                state_ = State::closed;
                return;
            default:
                fail(take_reason());
                return;
        }
    }
}

void Session::send(std::string_view plain) {
    while (!plain.empty() && (state_ == State::open || state_ == State::closed)) {
        ERR_clear_error();
        const int taken = SSL_write(connection_.get(), plain.data(), int_size(plain.size()));
        if (taken <= 0) {
            fail(take_reason());
            return;
        }
        plain.remove_prefix(static_cast<std::size_t>(taken));
    }
}

void Session::finish() {
    ERR_clear_error();
    if (state_ == State::open || state_ == State::closed) SSL_shutdown(connection_.get());
    ERR_clear_error();
}

std::string Session::take_wire() {
    std::string wire(BIO_ctrl_pending(out_), '\0');
    if (!wire.empty()) BIO_read(out_, wire.data(), int_size(wire.size()));
    return wire;
}

}  // namespace hab::net::openssl
