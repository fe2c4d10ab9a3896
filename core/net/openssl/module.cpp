// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <new>

#include "base/error.hpp"
#include "net/openssl/files.hpp"
#include "net/openssl/generate.hpp"
#include "net/openssl/session.hpp"
#include "net/tls_module.hpp"

namespace hab::net::openssl {

namespace {

Context new_context(const SSL_METHOD* method) {
    Context context(SSL_CTX_new(method));
    if (!context) throw Error(ErrorCode::crypto, "cannot set up TLS: " + take_reason());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // Buffers only while they hold something: an idle connection costs 10 KiB instead of 44.
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    return context;
}

Connection new_connection(SSL_CTX* context) {
    Connection connection(SSL_new(context));
    if (!connection) throw std::bad_alloc();
    return connection;
}

class ServerContext final : public TlsContext {
public:
    explicit ServerContext(const TlsServerFiles& files)
        : context_(new_context(TLS_server_method())) {
        use_identity(context_.get(), files.key, files.certificates);
        // Every connection shakes hands in full: a resumed one would not show its certificate.
        SSL_CTX_set_options(context_.get(), SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context_.get(), 0);
        if (files.client_ca.empty()) return;
        trust(context_.get(), files.client_ca);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
    }
    std::unique_ptr<TlsSession> new_session() override {
        auto connection = new_connection(context_.get());
        SSL_set_accept_state(connection.get());
        return std::make_unique<Session>(std::move(connection));
    }

private:
    Context context_;
};

class ClientContext final : public TlsContext {
public:
    explicit ClientContext(const TlsClientFiles& files)
        : context_(new_context(TLS_client_method())), server_name_(files.server_name) {
        trust(context_.get(), files.server_ca);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        if (!files.certificate.empty()) use_identity(context_.get(), files.key, files.certificate);
    }
    std::unique_ptr<TlsSession> new_session() override {
        auto connection = new_connection(context_.get());
        SSL_set_connect_state(connection.get());
        std::array<unsigned char, sizeof(in6_addr)> address;
        const bool is_address = ::inet_pton(AF_INET, server_name_.c_str(), address.data()) == 1 ||
                                ::inet_pton(AF_INET6, server_name_.c_str(), address.data()) == 1;
        X509_VERIFY_PARAM* const checks = SSL_get0_param(connection.get());
        const bool ok =
            is_address ? X509_VERIFY_PARAM_set1_ip_asc(checks, server_name_.c_str()) == 1
                       : SSL_set1_host(connection.get(), server_name_.c_str()) == 1 &&
                             SSL_set_tlsext_host_name(connection.get(), server_name_.c_str()) == 1;
        if (!ok) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("cannot check the certificate of '{}': {}", server_name_,
                                    take_reason()));
        }
        return std::make_unique<Session>(std::move(connection));
    }

private:
    Context context_;
    std::string server_name_;
};

class Module final : public TlsModule {
public:
    [[nodiscard]] std::shared_ptr<TlsContext> server(const TlsServerFiles& files) const override {
        return std::make_shared<ServerContext>(files);
    }
    [[nodiscard]] std::shared_ptr<TlsContext> client(const TlsClientFiles& files) const override {
        return std::make_shared<ClientContext>(files);
    }
    [[nodiscard]] TlsKeyPair generate(const std::string& name, int days) const override {
        return generate_key_pair(name, days);
    }
};

}  // namespace

}  // namespace hab::net::openssl

const hab::net::TlsModule* hab_tls_module() {
    static const hab::net::openssl::Module module;
    return &module;
}
