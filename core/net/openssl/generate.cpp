// SPDX-License-Identifier: Apache-2.0
#include "net/openssl/generate.hpp"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "base/error.hpp"
#include "net/openssl/handles.hpp"

namespace hab::net::openssl {

namespace {

using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using Address = std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>>;

void require(bool ok) {
    if (!ok) throw Error(ErrorCode::crypto, "cannot make a certificate: " + take_reason());
}

/// Built from its parts: text such as "a,DNS:b" must not become two names.
void add_alternative_name(X509* certificate, const std::string& name) {
    const Names names(GENERAL_NAMES_new());
    GENERAL_NAME* const entry = GENERAL_NAME_new();
    require(names && entry != nullptr && sk_GENERAL_NAME_push(names.get(), entry) > 0);
    if (Address address{a2i_IPADDRESS(name.c_str())}) {
        GENERAL_NAME_set0_value(entry, GEN_IPADD, address.release());
    } else {
        ERR_clear_error();
        ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
        require(text != nullptr &&
                ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
        GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    }
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
}

void set_serial(X509* certificate) {
    unsigned char bytes[16];
    require(RAND_bytes(bytes, sizeof bytes) == 1);
    bytes[0] &= 0x7f;  // positive
    const std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
    require(number &&
            BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

std::string pem(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TlsKeyPair generate_key_pair(const std::string& name, int days) {
    constexpr long day = 24L * 60 * 60;
    constexpr std::size_t longest_common_name = 64;
    if (name.empty() || name.size() > longest_common_name) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot make a certificate for '{}': a name has 1 to {} characters",
                                name, longest_common_name));
    }
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    require(key && certificate);
    X509* const raw = certificate.get();
    set_serial(raw);
    X509_NAME* const subject = X509_get_subject_name(raw);
    const bool ok = X509_set_version(raw, X509_VERSION_3) == 1 &&
                    X509_set_pubkey(raw, key.get()) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(raw), -day) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(raw), day * days) != nullptr &&
                    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                               reinterpret_cast<const unsigned char*>(name.data()),
                                               static_cast<int>(name.size()), -1, 0) == 1 &&
                    X509_set_issuer_name(raw, subject) == 1;
    require(ok);
    add_alternative_name(raw, name);
    require(X509_sign(raw, key.get(), EVP_sha256()) > 0);
    const Bio key_text(BIO_new(BIO_s_mem()));
    const Bio certificate_text(BIO_new(BIO_s_mem()));
    require(key_text && certificate_text &&
            PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1 &&
            PEM_write_bio_X509(certificate_text.get(), raw) == 1);
    return {pem(key_text), pem(certificate_text)};
}

}  // namespace hab::net::openssl
