// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "package/archive/decode_thread.hpp"
#include "package/archive/pax_records.hpp"
#include "package/archive/tar_header.hpp"

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

/// Reads a compressed tar: v7, ustar, pax, GNU. Strict on purpose: what two readers could understand
/// differently (a size said twice and differently, two names, content of a link, holes, bytes after
/// the end) throws invalid_input, because then what was looked at need not be what is installed. Keeps
/// one header in memory. One thread.
class TarReader {
public:
    /// `workers`: threads of the decompressor. `source` is borrowed.
    TarReader(const ByteSource& source, std::string what, const ReadLimits& limits,
              unsigned workers);

    /// The next member; false when archive and source have ended. Content not read is skipped.
    bool next(TarMember& member);
    /// Next piece of the member's content; empty at its end. Valid until the next call.
    [[nodiscard]] std::span<const std::byte> content();

private:
    /// What the special headers before a member say about it.
    struct Special {
        std::optional<std::string> name;
        std::optional<std::string> link;
        PaxRecords pax;
        bool has_pax = false;
        [[nodiscard]] bool empty() const { return !name && !link && !has_pax; }
    };
    bool take_special(const TarHeader& header, Special& special);
    void fill(TarMember& member, const TarHeader& header, Special&& special);
    void set_kind(TarMember& member, const TarHeader& header, std::string&& link);
    void set_size(TarMember& member, const TarHeader& header, const PaxRecords& pax);
    void check_end();
    /// At most `wanted` of the next bytes; empty at the end of the source.
    std::span<const std::byte> take(std::uint64_t wanted);
    /// False at the end of the source.
    bool read_block(std::span<std::byte, tar_block> block);
    std::string read_text(std::uint64_t size);
    std::string read_long_name(const TarHeader& header);
    void skip(std::uint64_t count);
    [[noreturn]] void fail(std::string_view why) const;

    std::string what_;
    ReadLimits limits_;
    DecodeThread decoder_;
    std::span<const std::byte> ready_;
    std::uint64_t left_ = 0;     ///< of the member's content
    std::uint64_t padding_ = 0;  ///< after it
    std::uint64_t entries_ = 0;
};

}  // namespace hab::package
