// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <locale.h>
#include <sys/types.h>

#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "package/archive/decode_thread.hpp"
#include "package/archive/handles.hpp"

namespace hab::package {

/// One member of a tar. Names are bytes as the archive has them.
struct TarMember {
    std::string name;  ///< without a '/' at the end
    mode_t mode = 0;   ///< with file type
    std::uint64_t size = 0;
    std::int64_t mtime = 0;
    std::string symlink;
    std::string hard_link;  ///< empty unless it is one
};

/// While it lives, this thread's character set is UTF-8: libarchive translates the names in pax
/// headers to it, and would lose them in the "C" locale that programs start with.
class Utf8Thread {
public:
    Utf8Thread();
    Utf8Thread(const Utf8Thread&) = delete;
    Utf8Thread& operator=(const Utf8Thread&) = delete;
    ~Utf8Thread();

private:
    locale_t locale_;
    locale_t previous_ = nullptr;
};

/// Reads a compressed tar of any flavour. Throws invalid_input for what is no tar. One thread.
class TarReader {
public:
    /// `workers`: threads of the decompressor. `source` is borrowed.
    TarReader(const ByteSource& source, std::string what, unsigned workers);

    /// The next member; false at the end of the archive. Content not read is skipped.
    bool next(TarMember& member);
    /// Next piece of the member's content; empty at its end. Valid until the next call. Holes of
    /// sparse files arrive as zeros.
    [[nodiscard]] std::span<const std::byte> content();
    /// Reads to the end of the source.
    void drain() { decoder_.drain(); }

private:
    static la_ssize_t feed(archive*, void* self, const void** buffer) noexcept;
    [[noreturn]] void fail();

    Utf8Thread utf8_;
    std::string what_;
    DecodeThread decoder_;
    ArchiveHandle tar_;
    std::exception_ptr failure_;
    std::vector<std::byte> buffer_;
};

}  // namespace hab::package
