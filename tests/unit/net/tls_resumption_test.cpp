// SPDX-License-Identifier: Apache-2.0
// A client that offers the session of an earlier connection, as browsers and curl do. The server
// keeps none and gives no tickets, so it must be met with a whole handshake.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "net/tls.hpp"

namespace hab::net {
namespace {

struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Free>;
using SslPtr = std::unique_ptr<SSL, Free>;
using SessionPtr = std::unique_ptr<SSL_SESSION, Free>;

std::string drain(BIO* bio) {
    std::string bytes(static_cast<std::size_t>(BIO_pending(bio)), '\0');
    if (!bytes.empty()) BIO_read(bio, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

/// One connection of OpenSSL's own client: shakes hands, asks and is answered.
class Visit {
public:
    Visit(SSL_CTX* context, TlsContext& server, SSL_SESSION* earlier)
        : ssl_(SSL_new(context)), server_(server.new_session()) {
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_.get(), in_, out_);
        if (earlier != nullptr) {
            EXPECT_EQ(SSL_set_session(ssl_.get(), earlier), 1);
        }
        std::string asked;
        for (int round = 0; round < 10 && SSL_connect(ssl_.get()) != 1; ++round)
            exchange(asked);
        EXPECT_EQ(SSL_is_init_finished(ssl_.get()), 1);
        EXPECT_EQ(SSL_write(ssl_.get(), "ping", 4), 4);
        exchange(asked);
        EXPECT_EQ(asked, "ping");
        server_->send("pong");
        exchange(asked);
        std::array<char, 16> answer{};
        EXPECT_EQ(SSL_read(ssl_.get(), answer.data(), answer.size()), 4);
        EXPECT_EQ(std::string(answer.data()), "pong");
    }
    [[nodiscard]] bool reused() const { return SSL_session_reused(ssl_.get()) == 1; }
    [[nodiscard]] SessionPtr session() const { return SessionPtr(SSL_get1_session(ssl_.get())); }

private:
    void exchange(std::string& asked) {
        const std::string to_server = drain(out_);
        if (!to_server.empty()) server_->received(to_server, asked);
        const std::string to_client = server_->take_wire();
        if (!to_client.empty())
            BIO_write(in_, to_client.data(), static_cast<int>(to_client.size()));
    }

    SslPtr ssl_;
    std::unique_ptr<TlsSession> server_;
    BIO* in_ = nullptr;   ///< of ssl_
    BIO* out_ = nullptr;  ///< of ssl_
};

class TlsResumption : public testing::TestWithParam<int> {};

TEST_P(TlsResumption, IsMetWithAWholeHandshake) {
    const TempDir dir("tls-");
    const auto pair = generate_tls_key_pair("localhost", 5);
    write_file_atomic(dir.path() / "key", pair.key);
    write_file_atomic(dir.path() / "pem", pair.certificate);
    const auto server = open_tls_server({dir.path() / "key", dir.path() / "pem", {}});
    const ContextPtr context(SSL_CTX_new(TLS_client_method()));
    ASSERT_EQ(SSL_CTX_set_min_proto_version(context.get(), GetParam()), 1);
    ASSERT_EQ(SSL_CTX_set_max_proto_version(context.get(), GetParam()), 1);
    ASSERT_EQ(SSL_CTX_load_verify_locations(context.get(), (dir.path() / "pem").c_str(), nullptr),
              1);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);

    const Visit first(context.get(), *server, nullptr);
    const SessionPtr session = first.session();
    ASSERT_NE(session, nullptr);
    const Visit second(context.get(), *server, session.get());
    EXPECT_FALSE(second.reused());
    const Visit third(context.get(), *server, session.get());
    EXPECT_FALSE(third.reused());
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsResumption, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                             return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

}  // namespace
}  // namespace hab::net
