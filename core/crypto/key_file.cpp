// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_file.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "crypto/secret.hpp"

namespace hab::crypto {
namespace {

constexpr std::array kinds = {
    KeyKindInfo{KeyKind::signing_public, "SIG-PUB-1", "pub", 32, false},
    KeyKindInfo{KeyKind::signing_secret, "SIG-SEC-1", "sig.key", 64, true},
    KeyKindInfo{KeyKind::box_public, "BOX-PUB-1", "pub", 32, false},
    KeyKindInfo{KeyKind::box_secret, "BOX-SEC-1", "box.key", 32, true},
    KeyKindInfo{KeyKind::ring_secret, "SYM-SEC-1", "sym.key", 32, true},
};

/// Takes the next line off `rest`; nothing when the text has ended. A CR before the LF goes too.
std::optional<std::string_view> next_line(std::optional<std::string_view>& rest) {
    if (!rest) return std::nullopt;
    const std::size_t end = rest->find('\n');
    std::string_view line = rest->substr(0, end);
    if (end == std::string_view::npos) {
        rest.reset();
        if (line.empty()) return std::nullopt;
    } else {
        rest->remove_prefix(end + 1);
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

[[noreturn]] void malformed(std::string_view what, std::string_view why) {
    throw Error(
        ErrorCode::crypto, fmt::format("{} is not a usable key: {}", what, why),
        "a key file has four lines: format, name-revision, an empty line, and the key in base64; "
        "export the key again from where it came");
}

const KeyKindInfo& kind_of(std::string_view version, std::string_view what) {
    for (const KeyKindInfo& candidate : kinds) {
        if (candidate.version == version) return candidate;
    }
    malformed(what, fmt::format("unknown format '{}', known are SIG-PUB-1, SIG-SEC-1, "
                                "BOX-PUB-1, BOX-SEC-1 and SYM-SEC-1",
                                version.substr(0, 32)));
}

}  // namespace

const KeyKindInfo& info(KeyKind kind) noexcept {
    return kinds[static_cast<std::size_t>(kind)];
}

KeyText parse_key(std::string_view text, std::string_view what) {
    std::optional<std::string_view> rest = text;
    const auto version = next_line(rest);
    if (!version) malformed(what, "it is empty");
    const KeyKindInfo& kind = kind_of(*version, what);
    const auto name_line = next_line(rest);
    if (!name_line) malformed(what, "the line with the name and revision is missing");
    const auto name = KeyName::parse(*name_line);
    if (!name) {
        malformed(what,
                  fmt::format("'{}' is not a name followed by '-' and a revision of 14 digits",
                              name_line->substr(0, 300)));
    }
    if (!next_line(rest)) malformed(what, "the empty line before the key is missing");
    const auto key_line = next_line(rest);
    if (!key_line) malformed(what, "the line with the key is missing");
    auto bytes = from_base64(trim(*key_line));
    if (!bytes) malformed(what, "the key is not valid base64");
    if (bytes->size() != kind.length) {
        const std::size_t size = bytes->size();
        wipe(*bytes);
        malformed(what, fmt::format("the key has {} bytes, a {} key has {}", size, kind.version,
                                    kind.length));
    }
    return {*name, kind.kind, std::move(*bytes)};
}

KeyText parse_key_as(KeyKind kind, std::string_view text, std::string_view what) {
    KeyText key = parse_key(text, what);
    if (key.kind == kind) return key;
    wipe(key.bytes);
    throw Error(ErrorCode::crypto, fmt::format("{} is a {} key, but a {} key is needed", what,
                                               info(key.kind).version, info(kind).version));
}

void require_key_size(KeyKind kind, std::span<const std::byte> bytes) {
    if (bytes.size() == info(kind).length) return;
    throw Error(ErrorCode::bug,
                fmt::format("a {} key of {} bytes was made", info(kind).version, bytes.size()));
}

std::string format_key(const KeyName& name, KeyKind kind, std::span<const std::byte> bytes) {
    return fmt::format("{}\n{}\n\n{}", info(kind).version, name.to_string(), to_base64(bytes));
}

std::string key_file_name(const KeyName& name, KeyKind kind) {
    return fmt::format("{}.{}", name.to_string(), info(kind).extension);
}

}  // namespace hab::crypto
