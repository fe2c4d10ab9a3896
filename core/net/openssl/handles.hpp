// SPDX-License-Identifier: Apache-2.0
// Ownership of OpenSSL's objects, and its reasons as text. Only inside the module hab-tls.so.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace hab::net::openssl {

template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Freer<SSL_free>>;

/// The latest reason in OpenSSL's queue, which is empty afterwards; "unknown reason" if there is none.
[[nodiscard]] inline std::string take_reason() {
    std::string reason = "unknown reason";
    for (auto code = ERR_get_error(); code != 0; code = ERR_get_error()) {
        const char* const text = ERR_reason_error_string(code);
        if (text != nullptr) reason = text;
    }
    return reason;
}

}  // namespace hab::net::openssl
