// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.hpp"

namespace hab::crypto {

/// Overwrites memory in a way that the compiler keeps.
void wipe(std::span<std::byte> bytes) noexcept;

/// Bytes that are overwritten when the object goes. Movable, not copyable.
class SecretBytes {
public:
    SecretBytes() = default;
    /// Takes over the bytes; `bytes` is empty afterwards.
    explicit SecretBytes(Bytes&& bytes) noexcept : bytes_(std::move(bytes)) {}
    SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept {
        if (this != &other) {
            wipe(bytes_);
            bytes_ = std::move(other.bytes_);
        }
        return *this;
    }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes() { wipe(bytes_); }

    [[nodiscard]] std::span<const std::byte> view() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

private:
    Bytes bytes_;
};

}  // namespace hab::crypto
