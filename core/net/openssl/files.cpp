// SPDX-License-Identifier: Apache-2.0
#include "net/openssl/files.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <new>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::net::openssl {

namespace {

/// PEM files are a few KiB; a chain of many certificates some more.
constexpr std::size_t largest_file = 1u << 20;

Bio bio_of(const std::string& text) {
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio) throw std::bad_alloc();
    return bio;
}

int no_password(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

std::string date(const ASN1_TIME* time) {
    tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable date";
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

void require_valid_now(X509* certificate, const std::filesystem::path& file) {
    const ASN1_TIME* const from = X509_get0_notBefore(certificate);
    const ASN1_TIME* const until = X509_get0_notAfter(certificate);
    if (X509_cmp_current_time(until) <= 0) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("cannot use {}: its certificate expired on {}", file.string(), date(until)),
            "Replace it by one that is valid; `openssl x509 -noout -dates -in FILE` tells "
            "the dates.");
    }
    if (X509_cmp_current_time(from) > 0) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot use {}: its certificate is not valid before {}",
                                file.string(), date(from)),
                    "Check this machine's clock.");
    }
}

}  // namespace

Key read_key(const std::filesystem::path& file) {
    const std::string text = read_file(file, largest_file);
    bool asked = false;
    ERR_clear_error();
    Key key(PEM_read_bio_PrivateKey(bio_of(text).get(), nullptr, no_password, &asked));
    if (key) return key;
    if (asked) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot use {}: the key is protected by a password", file.string()),
                    "Give a key without one, in a file that only root can read.");
    }
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("cannot use {}: it holds no private key ({})", file.string(), take_reason()),
        "It must be a PEM file with -----BEGIN PRIVATE KEY----- or RSA PRIVATE KEY.");
}

std::vector<Certificate> read_certificates(const std::filesystem::path& file) {
    const std::string text = read_file(file, largest_file);
    const Bio bio = bio_of(text);
    std::vector<Certificate> list;
    while (true) {
        ERR_clear_error();
        Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!next) break;
        require_valid_now(next.get(), file);
        list.push_back(std::move(next));
    }
    const auto last = ERR_peek_last_error();
    const bool at_end = ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
    if (!list.empty() && at_end) {
        ERR_clear_error();
        return list;
    }
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("cannot use {}: {} ({})", file.string(),
                    list.empty() ? "it holds no certificate" : "a certificate in it is broken",
                    take_reason()),
        "It must be a PEM file with -----BEGIN CERTIFICATE-----.");
}

void use_identity(SSL_CTX* context, const std::filesystem::path& key_file,
                  const std::filesystem::path& certificate_file) {
    const Key key = read_key(key_file);
    auto chain = read_certificates(certificate_file);
    if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
        ERR_clear_error();
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot use {}: it is not the key of the first certificate in {}",
                                key_file.string(), certificate_file.string()),
                    "The server's own certificate comes first, those of its signers after it.");
    }
    bool ok = SSL_CTX_use_certificate(context, chain.front().get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, key.get()) == 1;
    for (std::size_t i = 1; ok && i < chain.size(); ++i)
        ok = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
    if (ok) return;
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot use {}: {}", certificate_file.string(), take_reason()),
                "Small keys and old signatures are refused; make a new certificate.");
}

void trust(SSL_CTX* context, const std::filesystem::path& ca_file) {
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    for (const auto& certificate : read_certificates(ca_file)) {
        if (X509_STORE_add_cert(store, certificate.get()) != 1) throw std::bad_alloc();
        // Tells clients whose certificates are wanted.
        SSL_CTX_add_client_CA(context, certificate.get());
    }
}

}  // namespace hab::net::openssl
