// SPDX-License-Identifier: Apache-2.0
// TLS without I/O: bytes of the wire go in, plain bytes come out, and the other way round. OpenSSL is
// in a private module (hab-tls.so) that is opened on first use, so nothing here links it; and since no
// socket crosses the module's edge, event loops (net/byte_stream.hpp) and blocking clients use the same.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hab::net {

/// One connection. Not thread-safe.
class TlsSession {
public:
    enum class State {
        handshake,  ///< more bytes of the peer are needed before plain bytes can flow
        open,
        closed,  ///< the peer said that nothing more comes
        failed,  ///< see error(); what take_wire() still gives (an alert) should be sent
    };
    virtual ~TlsSession() = default;

    /// Takes what arrived; plain bytes that become readable are appended to `plain`.
    virtual State received(std::string_view wire, std::string& plain) = 0;
    /// Encrypts; only while open. What is to be sent is fetched with take_wire().
    virtual void send(std::string_view plain) = 0;
    /// Says goodbye to the peer (close_notify).
    virtual void finish() = 0;
    /// Bytes to be sent now, also those of the handshake; a client has some from the start.
    [[nodiscard]] virtual std::string take_wire() = 0;
    [[nodiscard]] virtual State state() const noexcept = 0;
    /// Why it failed, as part of a sentence: "certificate verify failed (certificate has expired)".
    [[nodiscard]] virtual const std::string& error() const noexcept = 0;
};

/// Keys and certificates, loaded and checked once; makes sessions. Not thread-safe.
class TlsContext {
public:
    virtual ~TlsContext() = default;
    [[nodiscard]] virtual std::unique_ptr<TlsSession> new_session() = 0;
};

/// PEM files. TLS 1.2 and later.
struct TlsServerFiles {
    std::filesystem::path key;           ///< PKCS#8 or RSA
    std::filesystem::path certificates;  ///< own certificate first, then those in between
    std::filesystem::path client_ca;     ///< not empty: clients must show a certificate of these
};
struct TlsClientFiles {
    std::filesystem::path server_ca;    ///< who may have signed the server's certificate
    std::string server_name;            ///< DNS name or address that the certificate must be for
    std::filesystem::path certificate;  ///< own, may be empty (then so is the key)
    std::filesystem::path key;
};

/// Throws Error(not_found, denied, io) for a file that cannot be read, invalid_input for one that is
/// no key or certificate, for a key that does not belong to the certificate and for certificates that
/// have expired or are not valid yet, unsupported when the module cannot be loaded. Every sentence
/// names the file.
[[nodiscard]] std::shared_ptr<TlsContext> open_tls_server(const TlsServerFiles& files);
/// The same for a client. A certificate of the server that is not fit makes the session fail.
[[nodiscard]] std::shared_ptr<TlsContext> open_tls_client(const TlsClientFiles& files);

/// A new key (ECDSA P-256) and a certificate that it signed itself, as PEM text.
struct TlsKeyPair {
    std::string key;
    std::string certificate;
};
/// `name`: DNS name or IP address, common name and subject alternative name alike. Valid from one day
/// ago for `days`.
[[nodiscard]] TlsKeyPair generate_tls_key_pair(const std::string& name, int days);

}  // namespace hab::net
