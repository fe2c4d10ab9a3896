// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/openssl/handles.hpp"
#include "net/tls.hpp"

namespace hab::net::openssl {

/// One TLS connection between two memory buffers.
class Session final : public TlsSession {
public:
    /// `connection` knows already whether it is a client or a server.
    explicit Session(Connection connection);

    State received(std::string_view wire, std::string& plain) override;
    void send(std::string_view plain) override;
    void finish() override;
    [[nodiscard]] std::string take_wire() override;
    [[nodiscard]] State state() const noexcept override { return state_; }
    [[nodiscard]] const std::string& error() const noexcept override { return error_; }

private:
    /// Goes on with the handshake; true once it is done.
    bool shake_hands();
    void read(std::string& plain);
    void fail(std::string reason);

    Connection connection_;
    BIO* in_;  ///< owned by connection_, as is out_
    BIO* out_;
    State state_ = State::handshake;
    std::string error_;
};

}  // namespace hab::net::openssl
