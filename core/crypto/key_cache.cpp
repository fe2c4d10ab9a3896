// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_cache.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace hab::crypto {
namespace {

constexpr std::size_t max_key_file = 64u << 10;

/// Writes text as the key's file unless the same text is there already.
void store_text(const KeyCache& cache, const KeyName& name, KeyKind kind, std::string_view text) {
    const fs::path path = cache.path_of(name, kind);
    if (const auto old = read_file_if_exists(path, max_key_file)) {
        if (*old == text) return;
        throw Error(
            ErrorCode::already_exists,
            fmt::format("the key cache has a different key '{}' already (its BLAKE2b hash is {}, "
                        "the new one's is {})",
                        path.string(), blake2b_hex(*old), blake2b_hex(text)),
            "keys are never overwritten: move the old file away if it is really wrong");
    }
    make_directories(cache.dir());
    WriteOptions options;
    options.mode = info(kind).secret ? 0400 : 0444;
    write_file_atomic(path, text, options);
}

std::string_view kind_word(KeyKind kind) {
    if (kind == KeyKind::ring_secret) return "ring";
    return info(kind).secret ? "secret" : "public";
}

std::string how_to_get(const KeyName& name, KeyKind kind) {
    const std::string file = key_file_name(name, kind);
    switch (kind) {
        case KeyKind::box_public:
        case KeyKind::box_secret:
            return fmt::format("get {} from whoever made it and put it there", file);
        case KeyKind::ring_secret:
            return fmt::format(
                "run 'hab ring key export {}' on a machine of the ring and 'hab ring "
                "key import' here with its output on standard input",
                name.name);
        case KeyKind::signing_public:
        case KeyKind::signing_secret:
            break;
    }
    return fmt::format(
        "get {} from whoever owns the origin '{}' and run 'hab origin key import' "
        "with it on standard input",
        file, name.name);
}

/// Both halves, public first: a secret key whose public half is missing could sign what nobody can
/// check.
template <typename Pair>
void store_pair(const KeyCache& cache, const Pair& pair, KeyKind public_kind, KeyKind secret_kind) {
    if (pair.public_key.name() != pair.secret_key.name()) {
        throw Error(ErrorCode::bug, "a key pair with two names was to be stored");
    }
    store_text(cache, pair.public_key.name(), public_kind, pair.public_key.to_text());
    std::string secret = pair.secret_key.to_text();
    store_text(cache, pair.secret_key.name(), secret_kind, secret);
    wipe(std::as_writable_bytes(std::span(secret)));
}

/// A file that was renamed would let one name speak for another.
template <typename Key>
Key require_name(Key key, const KeyName& name, const fs::path& path) {
    if (key.name() == name) return key;
    throw Error(ErrorCode::crypto,
                fmt::format("'{}' holds the key '{}', not '{}'", path.string(),
                            key.name().to_string(), name.to_string()),
                "the file was renamed: import the right key again");
}

}  // namespace

fs::path KeyCache::path_of(const KeyName& name, KeyKind kind) const {
    return dir_ / key_file_name(name, kind);
}

fs::path KeyCache::import(std::string_view text, std::string_view what) const {
    KeyText key = parse_key(text, what);
    if (key.kind != KeyKind::signing_public && key.kind != KeyKind::signing_secret) {
        wipe(key.bytes);
        throw Error(ErrorCode::crypto,
                    fmt::format("{} is a {} key, but a signing key of an origin is needed", what,
                                info(key.kind).version),
                    "encryption keys of users and services are copied into the key cache as files");
    }
    check_origin_name(key.name.name);
    std::string clean = format_key(key.name, key.kind, key.bytes);
    wipe(key.bytes);
    if (key.kind == KeyKind::signing_secret) (void)SigningSecretKey::from_text(clean, what);
    store_text(*this, key.name, key.kind, clean);
    wipe(std::as_writable_bytes(std::span(clean)));
    return path_of(key.name, key.kind);
}

void KeyCache::store(const SigningKeyPair& pair) const {
    store_pair(*this, pair, KeyKind::signing_public, KeyKind::signing_secret);
}

void KeyCache::store(const BoxKeyPair& pair) const {
    store_pair(*this, pair, KeyKind::box_public, KeyKind::box_secret);
}

void KeyCache::store(const RingKey& key) const {
    std::string text = key.to_text();
    store_text(*this, key.name(), KeyKind::ring_secret, text);
    wipe(std::as_writable_bytes(std::span(text)));
}

fs::path KeyCache::import_ring_key(std::string_view text, std::string_view what) const {
    const RingKey key = RingKey::from_text(text, what);
    check_ring_name(key.name().name);
    store(key);
    return path_of(key.name(), KeyKind::ring_secret);
}

std::string KeyCache::read(const KeyName& name, KeyKind kind) const {
    const fs::path path = path_of(name, kind);
    if (auto text = read_file_if_exists(path, max_key_file)) return std::move(*text);
    throw Error(ErrorCode::crypto,
                fmt::format("the {} key '{}' is not in the key cache '{}'", kind_word(kind),
                            name.to_string(), dir_.string()),
                how_to_get(name, kind));
}

SigningPublicKey KeyCache::public_key(const KeyName& name) const {
    const fs::path path = path_of(name, KeyKind::signing_public);
    const std::string text = read(name, KeyKind::signing_public);
    return require_name(SigningPublicKey::from_text(text, fmt::format("'{}'", path.string())), name,
                        path);
}

SigningSecretKey KeyCache::secret_key(const KeyName& name) const {
    const fs::path path = path_of(name, KeyKind::signing_secret);
    std::string text = read(name, KeyKind::signing_secret);
    auto key = SigningSecretKey::from_text(text, fmt::format("'{}'", path.string()));
    wipe(std::as_writable_bytes(std::span(text)));
    return require_name(std::move(key), name, path);
}

BoxPublicKey KeyCache::box_public_key(const KeyName& name) const {
    const fs::path path = path_of(name, KeyKind::box_public);
    const std::string text = read(name, KeyKind::box_public);
    return require_name(BoxPublicKey::from_text(text, fmt::format("'{}'", path.string())), name,
                        path);
}

BoxSecretKey KeyCache::box_secret_key(const KeyName& name) const {
    const fs::path path = path_of(name, KeyKind::box_secret);
    std::string text = read(name, KeyKind::box_secret);
    auto key = BoxSecretKey::from_text(text, fmt::format("'{}'", path.string()));
    wipe(std::as_writable_bytes(std::span(text)));
    return require_name(std::move(key), name, path);
}

RingKey KeyCache::ring_key(const KeyName& name) const {
    const fs::path path = path_of(name, KeyKind::ring_secret);
    std::string text = read(name, KeyKind::ring_secret);
    auto key = RingKey::from_text(text, fmt::format("'{}'", path.string()));
    wipe(std::as_writable_bytes(std::span(text)));
    return require_name(std::move(key), name, path);
}

RingKey KeyCache::latest_ring_key(std::string_view ring) const {
    const auto keys = revisions(ring, KeyKind::ring_secret);
    if (!keys.empty()) return ring_key(keys.back());
    throw Error(
        ErrorCode::crypto,
        fmt::format("there is no key of the ring '{}' in the key cache '{}'", ring, dir_.string()),
        fmt::format("create one with 'hab ring key generate {}', or import it with 'hab "
                    "ring key import'",
                    ring));
}

std::vector<KeyName> KeyCache::files(KeyKind kind) const {
    std::vector<KeyName> found;
    const std::string suffix = fmt::format(".{}", info(kind).extension);
    std::error_code error;
    for (fs::directory_iterator it(dir_, error), end; !error && it != end; it.increment(error)) {
        const std::string file = it->path().filename().string();
        if (!file.ends_with(suffix)) continue;
        const auto key =
            KeyName::parse(std::string_view(file).substr(0, file.size() - suffix.size()));
        std::error_code ignored;
        if (key && it->is_regular_file(ignored)) found.push_back(*key);
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        throw Error::from_errno(fmt::format("cannot list the key cache '{}'", dir_.string()),
                                error.value());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<KeyName> KeyCache::revisions(std::string_view name, KeyKind kind) const {
    auto found = files(kind);
    std::erase_if(found, [&](const KeyName& key) { return key.name != name; });
    return found;
}

bool KeyCache::is_of_kind(const KeyName& name, KeyKind kind) const {
    const auto text = read_file_if_exists(path_of(name, kind), max_key_file);
    return text && text->starts_with(info(kind).version);
}

std::vector<KeyName> KeyCache::signing_keys() const {
    auto found = files(KeyKind::signing_public);
    std::erase_if(found,
                  [this](const KeyName& key) { return !is_of_kind(key, KeyKind::signing_public); });
    return found;
}

KeyName KeyCache::latest(std::string_view origin, KeyKind kind) const {
    const auto keys = revisions(origin, kind);
    // Origin encryption keys share the .pub names: the newest file that is a signing key counts.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        if (is_of_kind(*key, kind)) return *key;
    }
    throw Error(
        ErrorCode::crypto,
        fmt::format("there is no {} signing key of the origin '{}' in the key cache '{}'",
                    kind_word(kind), origin, dir_.string()),
        info(kind).secret
            ? fmt::format("create one with 'hab origin key generate {}', or import it with 'hab "
                          "origin key import'",
                          origin)
            : "import it with 'hab origin key import'");
}

SigningPublicKey KeyCache::latest_public_key(std::string_view origin) const {
    return public_key(latest(origin, KeyKind::signing_public));
}

SigningSecretKey KeyCache::latest_secret_key(std::string_view origin) const {
    return secret_key(latest(origin, KeyKind::signing_secret));
}

bool KeyCache::has_secret_key(std::string_view origin) const {
    return !revisions(origin, KeyKind::signing_secret).empty();
}

}  // namespace hab::crypto
