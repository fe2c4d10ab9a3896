// SPDX-License-Identifier: Apache-2.0
// A compressed tar file made of the entries of hab.rootfs/1; libarchive stays behind this header.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <hab/rootfs.hpp>

namespace tar_exporter {

enum class Compression { gzip, zstd };

/// Writes entries in the order given. The bytes depend on nothing but the entries and the settings:
/// no clock, no names of users, no name of the machine. Throws hab::sdk::Error.
class ArchiveWriter {
public:
    /// `put` gets the compressed bytes as they come. `level` 0 = the format's default.
    ArchiveWriter(Compression compression, int level, std::function<void(std::string_view)> put);
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    void entry(const hab::sdk::RootfsEntry& entry);
    /// Data of the last entry.
    void data(std::string_view bytes);
    /// Writes the end; everything has been put when it returns.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tar_exporter
