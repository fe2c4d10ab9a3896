// SPDX-License-Identifier: Apache-2.0
// BLAKE2b-256, the hash of artifacts and metafiles, and SHA-256, the hash of downloaded sources.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hab::crypto {

using Digest = std::array<std::byte, 32>;

/// Streaming BLAKE2b with a 32-byte digest in the parameter block (not a truncated 512-bit digest),
/// no key, salt or personalisation: what `b2sum -l 256` prints. Movable; not thread-safe.
class Blake2b {
public:
    Blake2b();
    Blake2b(Blake2b&&) noexcept;
    Blake2b& operator=(Blake2b&&) noexcept;
    ~Blake2b();

    void update(std::span<const std::byte> bytes);
    /// Ends the stream; the object must not be used afterwards.
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Streaming SHA-256. Movable; not thread-safe.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void update(std::span<const std::byte> bytes);
    /// Ends the stream; the object must not be used afterwards.
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Lower-case hex of the BLAKE2b-256 of a text.
[[nodiscard]] std::string blake2b_hex(std::string_view text);
/// Lower-case hex of everything from the descriptor's position to its end. `what` names it in
/// errors.
[[nodiscard]] std::string blake2b_hex_of_fd(int fd, std::string_view what);
[[nodiscard]] std::string blake2b_hex_of_file(const std::string& path);
[[nodiscard]] std::string sha256_hex_of_file(const std::string& path);

/// Comparison that takes the same time wherever the texts differ (their lengths are not secret).
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace hab::crypto
