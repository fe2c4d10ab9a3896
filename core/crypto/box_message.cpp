// SPDX-License-Identifier: Apache-2.0
#include "crypto/box_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {
namespace {

constexpr std::string_view format_line = "BOX-1";

[[noreturn]] void malformed(std::string_view what, std::string_view why) {
    throw Error(ErrorCode::crypto, fmt::format("cannot decrypt {}: {}", what, why),
                "an encrypted text has five lines: BOX-1, the user's key, the service's key, nonce "
                "and ciphertext in base64; encrypt it again");
}

KeyName key_line(std::string_view line, std::string_view whose, std::string_view what) {
    auto name = KeyName::parse(line);
    if (name) return std::move(*name);
    malformed(what, fmt::format("'{}' is not the name and revision of a {}'s key",
                                line.substr(0, 300), whose));
}

Bytes base64_line(std::string_view line, std::string_view part, std::string_view what) {
    auto bytes = from_base64(line);
    if (bytes) return std::move(*bytes);
    malformed(what, fmt::format("its {} is not valid base64", part));
}

}  // namespace

std::string encrypt_box(const BoxSecretKey& user, const BoxPublicKey& service,
                        std::string_view plain, const std::optional<BoxNonce>& nonce) {
    require_sodium();
    BoxNonce used = nonce.value_or(BoxNonce{});
    if (!nonce) ::randombytes_buf(used.data(), used.size());
    Bytes sealed(plain.size() + crypto_box_MACBYTES);
    if (::crypto_box_easy(raw(sealed.data()), raw(as_bytes(plain).data()), plain.size(),
                          raw(used.data()), raw(service.bytes().data()),
                          raw(user.bytes().data())) != 0) {
        throw Error(ErrorCode::crypto,
                    fmt::format("cannot encrypt with the key '{}': it is not a point of the curve",
                                service.name().to_string()),
                    "get the service's public key again from whoever made it");
    }
    return fmt::format("{}\n{}\n{}\n{}\n{}", format_line, user.name().to_string(),
                       service.name().to_string(), to_base64(used), to_base64(sealed));
}

BoxMessage parse_box(std::string_view text, std::string_view what) {
    auto lines = split(text, '\n');
    for (std::string_view& line : lines) {
        if (line.ends_with('\r')) line.remove_suffix(1);
    }
    if (lines.size() == 6 && lines.back().empty()) lines.pop_back();
    if (lines[0] != format_line)
        malformed(what, fmt::format("it does not begin with the line {}", format_line));
    if (lines.size() != 5)
        malformed(what, fmt::format("it has {} lines instead of five", lines.size()));
    BoxMessage message{.user = key_line(lines[1], "user", what),
                       .service = key_line(lines[2], "service", what),
                       .nonce = {},
                       .sealed = base64_line(lines[4], "ciphertext", what)};
    const Bytes nonce = base64_line(lines[3], "nonce", what);
    if (nonce.size() != message.nonce.size()) {
        malformed(what, fmt::format("its nonce has {} bytes instead of {}", nonce.size(),
                                    message.nonce.size()));
    }
    std::copy(nonce.begin(), nonce.end(), message.nonce.begin());
    if (message.sealed.size() < crypto_box_MACBYTES)
        malformed(what, "its ciphertext is shorter than its authentication tag");
    return message;
}

std::string decrypt_box(std::string_view text, const KeyCache& cache, std::string_view what) {
    require_sodium();
    const BoxMessage message = parse_box(text, what);
    const BoxPublicKey user = cache.box_public_key(message.user);
    const BoxSecretKey service = cache.box_secret_key(message.service);
    std::string plain(message.sealed.size() - crypto_box_MACBYTES, '\0');
    if (::crypto_box_open_easy(reinterpret_cast<unsigned char*>(plain.data()),
                               raw(message.sealed.data()), message.sealed.size(),
                               raw(message.nonce.data()), raw(user.bytes().data()),
                               raw(service.bytes().data())) == 0) {
        return plain;
    }
    throw Error(ErrorCode::crypto,
                fmt::format("cannot decrypt {}: it was not made with the keys '{}' and '{}', or "
                            "was changed since",
                            what, message.user.to_string(), message.service.to_string()),
                "encrypt it again with the service's current public key");
}

}  // namespace hab::crypto
