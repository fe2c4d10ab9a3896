// SPDX-License-Identifier: Apache-2.0
// Private to package/: what the module lib/hab/modules/hab-archive.so does. libarchive, liblzma and
// libzstd are linked there and nowhere else, so that programs and commands that touch no archive do
// not load them.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/files.hpp"
#include "package/compression.hpp"

namespace hab::package {

/// Takes bytes; throws to stop.
using ByteSink = std::function<void(std::span<const std::byte>)>;
/// Fills the buffer with at least one byte, or returns 0 at the end; throws to stop. Is called from
/// another thread than the function it was given to, but never after that function has returned.
using ByteSource = std::function<std::size_t(std::span<std::byte>)>;

struct PackOptions {
    CompressionChoice compression;
    unsigned threads = 0;           ///< 0 = one per processor
    std::int64_t newest_mtime = 0;  ///< seconds; younger modification times become this
    std::function<void(std::uint64_t)> progress;
};

struct PackResult {
    std::uint64_t content = 0;
    std::uint64_t entries = 0;
};

/// What reading an archive may cost, whoever made it.
struct ReadLimits {
    /// For the decompressor. Up to `xz -8` fits; `xz -9` needs 65 MiB, see `verified`.
    std::uint64_t decoder_memory = std::uint64_t{44} << 20;
    /// An archive may become this large, and in addition its own size times max_ratio.
    std::uint64_t free_content = std::uint64_t{64} << 20;
    std::uint64_t max_ratio = 200;
    std::uint64_t max_entries = 1'000'000;

    /// For archives whose signature and hash are good: every level of xz.
    [[nodiscard]] static ReadLimits verified() {
        ReadLimits limits;
        limits.decoder_memory = std::uint64_t{96} << 20;
        return limits;
    }
};

struct UnpackOptions {
    ReadLimits limits;
    std::uint64_t max_content = std::uint64_t{64} << 30;
    bool keep_set_id = false;  ///< setuid and setgid bits of regular files
};

struct UnpackResult {
    bool stopped = false;  ///< open_root said no
    std::uint64_t content = 0;
    std::uint64_t entries = 0;
    std::uint64_t set_id_files = 0;
    /// Attributes of the package's own directory. Not set by unpack(): the directory stays closed
    /// to others until the caller has verified its content.
    mode_t root_mode = 0755;
    std::int64_t root_mtime = 0;
};

/// A member of an archive that is only looked at.
struct ArchiveMember {
    std::string name;  ///< without a '/' at the end
    mode_t mode = 0;   ///< with file type
    std::uint64_t size = 0;
    std::string symlink;
    std::string hard_link;  ///< empty unless it is one
};

/// Stateless; functions may run in several threads at once. All throw hab::Error.
class ArchiveModule {
public:
    virtual ~ArchiveModule() = default;

    /// The tree as a compressed tar whose member names begin with `prefix`.
    virtual PackResult pack(const fs::path& tree, const std::string& prefix,
                            const PackOptions& options, const ByteSink& sink) const = 0;

    /// Unpacks the members below "hab/pkgs/<origin>/<name>/<version>/<release>", whichever that is,
    /// into one directory. `open_root` is called once with that prefix and gives the directory
    /// (borrowed), or -1 to stop. The source is read to its end. Nothing is ever created outside
    /// the directory: absolute names, "..", names that pass through a link, members of another
    /// prefix, devices, FIFOs and whatever two readers could understand differently throw
    /// invalid_input; data that needs more memory than the limits allow throws unsupported. Owners
    /// are not restored. `what` names the archive.
    virtual UnpackResult unpack(const ByteSource& source, const std::string& what,
                                const std::function<int(const std::string& prefix)>& open_root,
                                const UnpackOptions& options) const = 0;

    /// Calls `wants` for every regular file (name, size) and `take` with the content of those it
    /// wants. Ends early when `take` or `wants` sets `stop`.
    struct Scan {
        std::function<bool(const std::string& name, std::uint64_t size)> wants;
        std::function<void(const std::string& name, std::string content)> take;
        bool stop = false;
    };
    virtual void scan(const ByteSource& source, const std::string& what, Scan& scan) const = 0;

    /// Tells of every member in the archive's order: `begin`, then its content in pieces. Nothing
    /// is unpacked, names are as the archive has them.
    virtual void visit(const ByteSource& source, const std::string& what,
                       const std::function<void(const ArchiveMember&)>& begin,
                       const ByteSink& content) const = 0;

    /// The first six parts of the first name that has so many; empty if there is none.
    virtual std::string first_prefix(const ByteSource& source, const std::string& what) const = 0;
};

/// Opens the module on first use; it is never unloaded. Throws failed with a hint when it is not
/// there.
[[nodiscard]] const ArchiveModule& archive_module();

/// The one symbol of the module.
inline constexpr const char* archive_module_symbol = "hab_archive_module";
using ArchiveModuleFactory = const ArchiveModule* (*)();

}  // namespace hab::package
