// SPDX-License-Identifier: Apache-2.0
#include "package/artifact.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/hash.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

constexpr std::string_view format_word = "HART-1";
constexpr std::string_view hash_word = "BLAKE2b";
/// Two 255-byte names and a signature need about 500 bytes; nobody's header needs more than this.
constexpr std::size_t max_header = 4096;
constexpr std::size_t hash_hex_length = 64;
constexpr std::size_t signature_bytes = 64 + hash_hex_length;

[[noreturn]] void bad_header(std::string_view what, std::string_view why) {
    throw Error(ErrorCode::crypto, fmt::format("'{}' is not a package artifact: {}", what, why),
                "check that it is a whole .hart file, and fetch or build it again");
}

/// Takes header lines off the first bytes of a file.
class HeaderLines {
public:
    HeaderLines(std::string_view bytes, std::string_view what) : bytes_(bytes), what_(what) {}

    /// The next line, trimmed as upstream does. `name` is what the line should hold.
    std::string_view next(std::string_view name) {
        const std::size_t end = bytes_.find('\n', position_);
        if (end == bytes_.npos) {
            const bool too_long = bytes_.size() == max_header;
            bad_header(what_,
                       too_long
                           ? fmt::format("the line with {} does not end within the first {} bytes",
                                         name, max_header)
                           : fmt::format("it ends before {}", name));
        }
        const std::string_view line = bytes_.substr(position_, end - position_);
        position_ = end + 1;
        if (!is_utf8(line)) bad_header(what_, fmt::format("{} is not text", name));
        return trim(line);
    }
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

private:
    std::string_view bytes_;
    std::string_view what_;
    std::size_t position_ = 0;
};

std::string read_start(int fd, std::string_view what) {
    std::string start(max_header, '\0');
    std::size_t have = 0;
    while (have < start.size()) {
        const ssize_t n =
            ::pread(fd, start.data() + have, start.size() - have, static_cast<off_t>(have));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error::from_errno(fmt::format("cannot read '{}'", what));
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    start.resize(have);
    return start;
}

bool is_hash_text(std::string_view text) {
    return text.size() == hash_hex_length && from_hex(text).has_value();
}

}  // namespace

UniqueFd open_artifact(const fs::path& path) {
    try {
        return open_file(path, O_RDONLY);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        throw error.with_hint("check the path: there is no such file");
    }
}

ArtifactHeader read_artifact_header(int fd, std::string_view what) {
    return parse_artifact_header(read_start(fd, what), what);
}

ArtifactHeader parse_artifact_header(std::string_view start, std::string_view what) {
    HeaderLines lines(start.substr(0, max_header), what);
    ArtifactHeader header;
    header.format = lines.next("the format line");
    if (header.format != format_word) {
        bad_header(what, fmt::format("its format is '{}', known is {}", printable(header.format),
                                     format_word));
    }
    const std::string_view key = lines.next("the name of the signing key");
    const auto key_name = crypto::KeyName::parse(key);
    if (!key_name) {
        bad_header(what, fmt::format("'{}' is not the name and revision of a key", printable(key)));
    }
    header.key = *key_name;
    header.hash_type = lines.next("the kind of hash");
    if (header.hash_type != hash_word) {
        bad_header(what, fmt::format("its hash is of the kind '{}', known is {}",
                                     printable(header.hash_type), hash_word));
    }
    header.signature_base64 = lines.next("the signature");
    if (!from_base64(header.signature_base64)) {
        bad_header(what, "its signature is not valid base64");
    }
    if (!lines.next("the end of the header").empty()) {
        bad_header(what, "the line after the signature is not empty");
    }
    header.length = lines.position();
    return header;
}

ArtifactHeader read_artifact_header(const fs::path& path) {
    return read_artifact_header(open_artifact(path).get(), path.string());
}

std::string open_signature(const ArtifactHeader& header, const crypto::KeyCache& keys,
                           std::string_view what) {
    return open_signature(header, keys.public_key(header.key), what);
}

std::string open_signature(const ArtifactHeader& header, const crypto::SigningPublicKey& key,
                           std::string_view what) {
    const Bytes combined = *from_base64(header.signature_base64);
    const auto text = key.open(combined);
    if (!text) {
        throw Error(ErrorCode::crypto,
                    fmt::format("the signature of '{}' was not made by the key '{}'", what,
                                header.key.to_string()),
                    "the file or the key is not genuine: fetch both again from a source you trust");
    }
    if (!is_hash_text(*text)) {
        throw Error(
            ErrorCode::crypto,
            fmt::format("the signature of '{}' is good, but what was signed is not a hash", what),
            "the file was made wrongly: ask its builder for another one");
    }
    return to_lower(*text);
}

VerifiedArtifact verify_artifact(int fd, const crypto::KeyCache& keys, std::string_view what) {
    const ArtifactHeader header = read_artifact_header(fd, what);
    const std::string signed_hash = open_signature(header, keys, what);
    if (::lseek(fd, static_cast<off_t>(header.length), SEEK_SET) < 0) {
        throw Error::from_errno(fmt::format("cannot seek in '{}'", what));
    }
    const std::string actual = crypto::blake2b_hex_of_fd(fd, what);
    require_same_hash(signed_hash, actual, what);
    return {header.key, actual};
}

VerifiedArtifact verify_artifact(const fs::path& path, const crypto::KeyCache& keys) {
    return verify_artifact(open_artifact(path).get(), keys, path.string());
}

void require_same_hash(std::string_view signed_hash, std::string_view actual,
                       std::string_view what) {
    if (crypto::equal_constant_time(signed_hash, actual)) return;
    throw Error(
        ErrorCode::crypto,
        fmt::format("the content of '{}' is not what was signed: its BLAKE2b hash is {}, the "
                    "signed one is {}",
                    what, actual, signed_hash),
        "the file was damaged or changed after signing: fetch it again");
}

std::string make_artifact_header(std::string_view payload_hash,
                                 const crypto::SigningSecretKey& key) {
    return fmt::format("{}\n{}\n{}\n{}\n\n", format_word, key.name().to_string(), hash_word,
                       to_base64(key.sign(payload_hash)));
}

std::size_t artifact_header_length(const crypto::KeyName& key) {
    constexpr std::size_t base64_length = (signature_bytes + 2) / 3 * 4;
    constexpr std::size_t newlines = 5;
    return format_word.size() + key.to_string().size() + hash_word.size() + base64_length +
           newlines;
}

std::string sign_text(std::string_view payload, const crypto::SigningSecretKey& key) {
    return make_artifact_header(crypto::blake2b_hex(payload), key).append(payload);
}

}  // namespace hab::package
