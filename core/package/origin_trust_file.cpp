// SPDX-License-Identifier: Apache-2.0
#include "package/origin_trust_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::string_view format_line = "TRUST-1";
constexpr std::string_view pinned_word = "pinned";
constexpr std::size_t fingerprint_length = 64;
constexpr std::array reasons = {TrustReason::first_use, TrustReason::generated,
                                TrustReason::imported, TrustReason::trusted};

std::optional<TrustReason> reason_of(std::string_view word) {
    for (const TrustReason reason : reasons) {
        if (to_string(reason) == word) return reason;
    }
    return std::nullopt;
}

/// Why a line is not an entry; empty if it was read into `key`.
std::string read_entry(std::string_view line, std::string_view origin, TrustedKey& key) {
    const auto words = split(line, ' ');
    const bool pinned = words.size() == 5 && words[4] == pinned_word;
    if (words.size() != 4 && !pinned) return "it does not have the four words of an entry";
    const auto name = crypto::KeyName::parse(words[0]);
    if (!name) return fmt::format("'{}' is not the name and revision of a key", words[0]);
    if (name->name != origin) return fmt::format("'{}' is a key of another origin", words[0]);
    if (words[1].size() != fingerprint_length || !from_hex(words[1])) {
        return "the second word is not a fingerprint";
    }
    const auto reason = reason_of(words[2]);
    if (!reason) return fmt::format("'{}' is not a reason", words[2]);
    if (words[3].size() != 14 || !parse_u64(words[3])) return "the fourth word is not a time";
    key = {*name, to_lower(words[1]), *reason, std::string(words[3]), pinned};
    return {};
}

}  // namespace

std::string_view to_string(TrustReason reason) noexcept {
    switch (reason) {
        case TrustReason::first_use:
            return "first-use";
        case TrustReason::generated:
            return "generated";
        case TrustReason::imported:
            return "imported";
        case TrustReason::trusted:
            break;
    }
    return "trusted";
}

OriginRecord parse_trust_file(std::string_view text, std::string_view origin,
                              std::string_view file) {
    OriginRecord record;
    std::size_t number = 0;
    const auto damaged = [&](const std::string& why) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("cannot tell which keys of the origin '{}' are trusted: line {} of '{}' is "
                        "damaged: {}",
                        origin, number, file, why),
            "restore the file from a backup; if you remove it, the next key that signs for the "
            "origin is trusted");
    };
    for (const std::string_view line : split(text, '\n')) {
        ++number;
        if (number == 1) {
            if (line != format_line) damaged(fmt::format("it is not '{}'", format_line));
            continue;
        }
        if (line.empty()) continue;
        TrustedKey key;
        if (const std::string why = read_entry(line, origin, key); !why.empty()) damaged(why);
        if (record.find(key.name) != nullptr) damaged("this key has an entry already");
        record.keys.push_back(std::move(key));
    }
    if (record.keys.empty()) damaged("there is no key in the file");
    return record;
}

std::string format_trust_file(const OriginRecord& record) {
    std::string text = fmt::format("{}\n", format_line);
    auto keys = record.keys;
    std::sort(keys.begin(), keys.end(),
              [](const TrustedKey& a, const TrustedKey& b) { return a.name < b.name; });
    for (const TrustedKey& key : keys) {
        text += fmt::format("{} {} {} {}{}\n", key.name.to_string(), key.fingerprint,
                            to_string(key.reason), key.since, key.pinned ? " pinned" : "");
    }
    return text;
}

}  // namespace hab::package
