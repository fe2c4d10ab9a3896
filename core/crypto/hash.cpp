// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <vector>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "crypto/sodium.hpp"

namespace hab::crypto {
namespace {

constexpr std::size_t block_size = 1u << 18;

template <typename Hash>
void feed_fd(Hash& hash, int fd, std::string_view what) {
    std::vector<std::byte> block(block_size);
    for (;;) {
        const ssize_t n = ::read(fd, block.data(), block.size());
        if (n == 0) return;
        if (n < 0) {
            if (errno == EINTR) continue;
            throw Error::from_errno(fmt::format("cannot read '{}'", what));
        }
        hash.update(std::span(block).first(static_cast<std::size_t>(n)));
    }
}

}  // namespace

struct Blake2b::State {
    ::crypto_generichash_state sodium;
};

Blake2b::Blake2b() : state_(std::make_unique<State>()) {
    require_sodium();
    ::crypto_generichash_init(&state_->sodium, nullptr, 0, sizeof(Digest));
}
Blake2b::Blake2b(Blake2b&&) noexcept = default;
Blake2b& Blake2b::operator=(Blake2b&&) noexcept = default;
Blake2b::~Blake2b() = default;

void Blake2b::update(std::span<const std::byte> bytes) {
    ::crypto_generichash_update(&state_->sodium, raw(bytes.data()), bytes.size());
}

Digest Blake2b::finish() {
    Digest digest{};
    ::crypto_generichash_final(&state_->sodium, raw(digest.data()), digest.size());
    return digest;
}

struct Sha256::State {
    ::crypto_hash_sha256_state sodium;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    require_sodium();
    ::crypto_hash_sha256_init(&state_->sodium);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
    ::crypto_hash_sha256_update(&state_->sodium, raw(bytes.data()), bytes.size());
}

Digest Sha256::finish() {
    Digest digest{};
    ::crypto_hash_sha256_final(&state_->sodium, raw(digest.data()));
    return digest;
}

std::string blake2b_hex(std::string_view text) {
    Blake2b hash;
    hash.update(as_bytes(text));
    return to_hex(hash.finish());
}

std::string blake2b_hex_of_fd(int fd, std::string_view what) {
    Blake2b hash;
    feed_fd(hash, fd, what);
    return to_hex(hash.finish());
}

std::string blake2b_hex_of_file(const std::string& path) {
    return blake2b_hex_of_fd(open_file(path, O_RDONLY).get(), path);
}

std::string sha256_hex_of_file(const std::string& path) {
    Sha256 hash;
    feed_fd(hash, open_file(path, O_RDONLY).get(), path);
    return to_hex(hash.finish());
}

bool equal_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hab::crypto
