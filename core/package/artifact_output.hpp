// SPDX-License-Identifier: Apache-2.0
// Private to package/: writes an artifact whose payload arrives as a stream.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/pending_file.hpp"
#include "crypto/hash.hpp"
#include "crypto/signing.hpp"

namespace hab::package {

/// A temporary sibling of the artifact to be. The header's length is known from the key's name, so
/// room for it is left at the start and it is written last: the payload is written once, and a file
/// cut short begins with zeros, never with HART-1. Without commit() the file is removed.
class ArtifactOutput {
public:
    ArtifactOutput(const fs::path& path, const crypto::SigningSecretKey& key);
    ArtifactOutput(const ArtifactOutput&) = delete;
    ArtifactOutput& operator=(const ArtifactOutput&) = delete;

    void append(std::span<const std::byte> payload);
    /// Signs, writes the header, mode 0644, fsync, rename. Returns the hash of the payload.
    std::string commit();
    /// Bytes of the file so far, header included.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

private:
    PendingFile file_;
    const crypto::SigningSecretKey& key_;
    crypto::Blake2b hash_;
    std::uint64_t size_;
    std::uint64_t started_ = 0;  ///< up to here the way to the disk has begun
};

}  // namespace hab::package
