// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "crypto/signing.hpp"
#include "package/compression.hpp"
#include "package/ident.hpp"

namespace hab::package {

struct HartWriteOptions {
    CompressionChoice compression;
    unsigned threads = 0;  ///< 0 = one per processor; never changes the bytes that are written
    /// No entry is younger than this (older modification times stay, as with tar --clamp-mtime).
    /// Nothing: SOURCE_DATE_EPOCH if set, else the time of the ident's release.
    std::optional<WallTime> newest_mtime;
    /// Called now and then with the bytes of file content packed so far; may throw to cancel.
    std::function<void(std::uint64_t done)> progress;

    /// HAB_HART_COMPRESSION and HAB_HART_COMPRESSION_LEVEL; throws usage as parse_compression.
    [[nodiscard]] static HartWriteOptions from_environment();
};

struct WrittenHart {
    fs::path path;
    std::string payload_hash;   ///< BLAKE2b-256 of the payload
    std::uint64_t size = 0;     ///< bytes of the file
    std::uint64_t content = 0;  ///< bytes of file content before compression
    std::uint64_t entries = 0;
};

/// Packs the tree at `tree` as `ident` (member names begin with ident.relative_path()), compresses,
/// hashes and signs it in one pass and writes `out`. Entries are sorted, owners are root, so the
/// same tree, key, ident and time give the same bytes. `out` appears only when it is complete;
/// before that a temporary sibling exists that never starts with HART-1. Throws invalid_input for
/// sockets, devices, FIFOs.
WrittenHart write_hart(const fs::path& tree, const Ident& ident,
                       const crypto::SigningSecretKey& key, const fs::path& out,
                       const HartWriteOptions& options = {});

}  // namespace hab::package
