// SPDX-License-Identifier: Apache-2.0
#include "package/origin_trust.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "crypto/hash.hpp"
#include "package/origin_trust_file.hpp"

namespace hab::package {
namespace {

constexpr std::size_t max_trust_file = 1u << 20;
constexpr std::string_view lock_name = ".lock";

/// Refused always: somebody put other bytes under a name that people have looked at.
void require_same_bytes(const TrustedKey& known, const crypto::SigningPublicKey& key,
                        const fs::path& file) {
    const std::string fingerprint = key.fingerprint();
    if (crypto::equal_constant_time(known.fingerprint, fingerprint)) return;
    throw Error(
        ErrorCode::crypto,
        fmt::format("the key '{}' is not the one that is trusted under this name: its fingerprint "
                    "is {}, the trusted one's is {}",
                    key.name().to_string(), fingerprint, known.fingerprint),
        fmt::format("the key file was replaced or damaged: get the genuine one from the origin; "
                    "what is trusted is written in '{}'",
                    file.string()));
}

[[noreturn]] void refuse_unknown(const crypto::KeyName& name) {
    throw Error(
        ErrorCode::crypto,
        fmt::format("the key '{}' is not trusted: other keys of the origin '{}' are known here, "
                    "but this one was never seen before",
                    name.to_string(), name.name),
        fmt::format("if the origin says that this key is its own, run 'hab origin key trust {}' "
                    "and try again",
                    name.to_string()));
}

[[noreturn]] void refuse_unpinned(const crypto::KeyName& name, const OriginRecord& record) {
    std::string pinned;
    for (const TrustedKey& key : record.keys) {
        if (!key.pinned) continue;
        if (!pinned.empty()) pinned += ' ';
        pinned += key.name.to_string();
    }
    throw Error(
        ErrorCode::crypto,
        fmt::format("the key '{}' does not count: the origin '{}' is pinned to {}",
                    name.to_string(), name.name, pinned),
        fmt::format("to accept it too, run 'hab origin key pin {} {}'", pinned, name.to_string()));
}

TrustAnswer judge(const OriginRecord& record, const crypto::SigningPublicKey& key,
                  const fs::path& file) {
    if (record.keys.empty()) return TrustAnswer::first_use;
    const TrustedKey* known = record.find(key.name());
    if (known != nullptr) require_same_bytes(*known, key, file);
    if (known != nullptr && record.counts(*known)) return TrustAnswer::trusted;
    if (record.pinned()) refuse_unpinned(key.name(), record);
    refuse_unknown(key.name());
}

TrustedKey entry(const crypto::SigningPublicKey& key, TrustReason reason) {
    return {key.name(), key.fingerprint(), reason, compact_utc(SystemClock().wall()), false};
}

}  // namespace

bool OriginRecord::pinned() const noexcept {
    return std::any_of(keys.begin(), keys.end(), [](const TrustedKey& key) { return key.pinned; });
}

const TrustedKey* OriginRecord::find(const crypto::KeyName& name) const noexcept {
    const auto at = std::find_if(keys.begin(), keys.end(),
                                 [&](const TrustedKey& key) { return key.name == name; });
    return at == keys.end() ? nullptr : &*at;
}

fs::path OriginTrust::file_of(std::string_view origin) const {
    if (crypto::is_valid_origin_name(origin)) return dir_ / origin;
    throw Error(
        ErrorCode::crypto,
        fmt::format("a key of '{}' cannot be trusted: this is not the name of an origin", origin),
        "origin names have lower-case letters, digits, '-' and '_', and begin with a "
        "letter or digit");
}

OriginRecord OriginTrust::read(std::string_view origin) const {
    const fs::path file = file_of(origin);
    const auto text = read_file_if_exists(file, max_trust_file);
    return text ? parse_trust_file(*text, origin, file.string()) : OriginRecord{};
}

void OriginTrust::write(std::string_view origin, const OriginRecord& record) const {
    fail_point("trust.write", origin);
    write_file_atomic(file_of(origin), format_trust_file(record));
}

UniqueFd OriginTrust::lock() const {
    if (!fs::exists(dir_)) {
        make_directories(dir_);
        sync_path(dir_.parent_path());  // a power cut must not turn known origins into unknown ones
    }
    UniqueFd fd = open_file(dir_ / lock_name, O_RDWR | O_CREAT, 0600);
    while (::flock(fd.get(), LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        throw Error::from_errno(fmt::format("cannot lock '{}'", (dir_ / lock_name).string()));
    }
    return fd;
}

TrustAnswer OriginTrust::check(const crypto::SigningPublicKey& key) const {
    const std::string& origin = key.name().name;
    return judge(read(origin), key, file_of(origin));
}

void OriginTrust::admit(const crypto::SigningPublicKey& key) const {
    if (check(key) == TrustAnswer::trusted) return;
    const UniqueFd held = lock();
    // Somebody may have been first with another key: what the file says now decides.
    if (check(key) == TrustAnswer::trusted) return;
    write(key.name().name, {{entry(key, TrustReason::first_use)}});
}

void OriginTrust::require_trustable(const crypto::SigningPublicKey& key) const {
    const OriginRecord record = read(key.name().name);
    if (const TrustedKey* known = record.find(key.name())) {
        require_same_bytes(*known, key, file_of(key.name().name));
    }
}

void OriginTrust::trust(const crypto::SigningPublicKey& key, TrustReason reason) const {
    const UniqueFd held = lock();
    require_trustable(key);
    OriginRecord record = read(key.name().name);
    if (record.find(key.name()) != nullptr) return;
    record.keys.push_back(entry(key, reason));
    write(key.name().name, record);
}

void OriginTrust::pin(const std::vector<crypto::SigningPublicKey>& keys) const {
    const UniqueFd held = lock();
    const std::string origin = keys.at(0).name().name;
    OriginRecord record = read(origin);
    for (TrustedKey& key : record.keys)
        key.pinned = false;
    for (const crypto::SigningPublicKey& key : keys) {
        if (key.name().name != origin) {
            throw Error(
                ErrorCode::usage,
                fmt::format("'{}' is not a key of the origin '{}'", key.name().to_string(), origin),
                "pin the keys of one origin at a time");
        }
        require_trustable(key);
        if (record.find(key.name()) == nullptr) {
            record.keys.push_back(entry(key, TrustReason::trusted));
        }
        std::find_if(record.keys.begin(), record.keys.end(), [&](const TrustedKey& known) {
            return known.name == key.name();
        })->pinned = true;
    }
    write(origin, record);
}

void OriginTrust::unpin(std::string_view origin) const {
    const UniqueFd held = lock();
    OriginRecord record = read(origin);
    if (!record.pinned()) {
        throw Error(ErrorCode::not_found, fmt::format("the origin '{}' is not pinned", origin),
                    fmt::format("see 'hab origin key list {}'", origin));
    }
    for (TrustedKey& key : record.keys)
        key.pinned = false;
    write(origin, record);
}

std::vector<std::string> OriginTrust::origins() const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(dir_, error), end; !error && it != end; it.increment(error)) {
        std::string name = it->path().filename().string();
        if (crypto::is_valid_origin_name(name)) names.push_back(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        throw Error::from_errno(fmt::format("cannot list '{}'", dir_.string()), error.value());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace hab::package
