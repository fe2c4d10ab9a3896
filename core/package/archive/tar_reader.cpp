// SPDX-License-Identifier: Apache-2.0
#include "package/archive/tar_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "package/archive/refusal.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

/// Long names and extended headers; those of real archives have some hundred bytes.
constexpr std::uint64_t max_special = 1u << 20;
/// Linux opens no longer one.
constexpr std::size_t max_name = 4095;
/// Zeros after the end: GNU tar fills a record, which is 10 KiB unless somebody asked for more.
constexpr std::uint64_t max_end_padding = 4u << 20;
/// What the header's eleven octal digits cannot say any more.
constexpr std::uint64_t max_octal_size = std::uint64_t{1} << 33;

std::uint64_t padding_of(std::uint64_t size) {
    return (tar_block - size % tar_block) % tar_block;
}

}  // namespace

TarReader::TarReader(const ByteSource& source, std::string what, const ReadLimits& limits,
                     unsigned workers)
    : what_(std::move(what)), limits_(limits), decoder_(source, what_, limits, workers) {}

void TarReader::fail(std::string_view why) const {
    refuse_content(what_, fmt::format("it is not a sound tar archive ({})", why));
}

std::span<const std::byte> TarReader::take(std::uint64_t wanted) {
    if (ready_.empty()) ready_ = decoder_.next();
    const auto piece = ready_.first(std::min<std::uint64_t>(ready_.size(), wanted));
    ready_ = ready_.subspan(piece.size());
    return piece;
}

bool TarReader::read_block(std::span<std::byte, tar_block> block) {
    std::size_t have = 0;
    while (have < block.size()) {
        const auto piece = take(block.size() - have);
        if (piece.empty()) break;
        std::memcpy(block.data() + have, piece.data(), piece.size());
        have += piece.size();
    }
    if (have != 0 && have < block.size()) fail("it ends in the middle of a header");
    return have != 0;
}

void TarReader::skip(std::uint64_t count) {
    while (count > 0) {
        const auto piece = take(count);
        if (piece.empty()) fail("it ends in the middle of a member");
        count -= piece.size();
    }
}

std::string TarReader::read_text(std::uint64_t size) {
    if (size > max_special) fail("a special header is too large");
    std::string text;
    text.reserve(size);
    while (text.size() < size) {
        const auto piece = take(size - text.size());
        if (piece.empty()) fail("it ends in the middle of a header");
        text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    }
    skip(padding_of(size));
    return text;
}

std::string TarReader::read_long_name(const TarHeader& header) {
    std::string text = read_text(header.size);
    const std::size_t end = text.find('\0');
    if (end != text.npos && text.find_first_not_of('\0', end) != text.npos) {
        fail("a long name has a NUL in it");
    }
    text.resize(std::min(end, text.size()));
    if (text.empty()) fail("a long name is empty");
    return text;
}

bool TarReader::next(TarMember& member) {
    skip(std::exchange(left_, 0));
    skip(std::exchange(padding_, 0));
    Special special;
    for (;;) {
        std::byte bytes[tar_block];
        const std::span<std::byte, tar_block> block(bytes);
        if (!read_block(block)) fail("it ends without its end mark");
        if (is_zero(block)) {
            if (!special.empty()) fail("it ends after a special header");
            check_end();
            return false;
        }
        TarHeader header;
        if (const auto defect = parse_tar_header(block, header); !defect.empty()) fail(defect);
        if (++entries_ > limits_.max_entries) refuse_member(what_, header.name, "is one too many");
        if (take_special(header, special)) continue;
        fill(member, header, std::move(special));
        return true;
    }
}

/// Special headers speak about the next member. Two of a kind could be read as the first or the last.
bool TarReader::take_special(const TarHeader& header, Special& special) {
    switch (header.type) {
        case 'L':
            if (special.name) fail("a member has two long names");
            special.name = read_long_name(header);
            return true;
        case 'K':
            if (special.link) fail("a member has two long link names");
            special.link = read_long_name(header);
            return true;
        case 'x': {
            if (special.has_pax) fail("a member has two extended headers");
            special.has_pax = true;
            const auto defect = parse_pax_records(read_text(header.size), special.pax);
            if (!defect.empty()) fail(defect);
            return true;
        }
        case 'g': {
            PaxRecords global;
            const auto defect = parse_pax_records(read_text(header.size), global);
            if (!defect.empty()) fail(defect);
            // git's archives have a comment there. A name or size for all that follow is madness.
            if (!global.empty()) fail("a global header names, sizes or dates every member");
            return true;
        }
        default:
            return false;
    }
}

void TarReader::fill(TarMember& member, const TarHeader& header, Special&& special) {
    PaxRecords& pax = special.pax;
    member = {};
    if (special.name && pax.path) fail("a member has a long name and an extended one");
    if (special.link && pax.link) fail("a member has a long link name and an extended one");
    member.name = pax.path ? std::move(*pax.path) : std::move(special.name).value_or(header.name);
    if (member.name.empty()) fail("a member has no name");
    std::string link =
        pax.link ? std::move(*pax.link) : std::move(special.link).value_or(header.link);
    if (std::max(member.name.size(), link.size()) > max_name) {
        refuse_member(what_, member.name, "has a name that is too long");
    }
    member.mtime = pax.mtime.value_or(header.mtime);
    set_size(member, header, pax);
    set_kind(member, header, std::move(link));
    left_ = member.size;
    padding_ = padding_of(member.size);
}

void TarReader::set_size(TarMember& member, const TarHeader& header, const PaxRecords& pax) {
    member.size = pax.size.value_or(header.size);
    if (member.size == header.size) return;
    // Only where the header's digits do not suffice is there a reason for saying it elsewhere.
    if (member.size >= max_octal_size && member.size <= INT64_MAX) return;
    refuse_member(what_, member.name,
                  fmt::format("has {} bytes by its header and {} by its extended header",
                              header.size, member.size));
}

void TarReader::set_kind(TarMember& member, const TarHeader& header, std::string&& link) {
    const bool slash = member.name.size() > 1 && member.name.back() == '/';
    if (slash) member.name.pop_back();
    mode_t type = 0;
    switch (header.type) {
        case '0':
        case '\0':
        case '7':
            type = slash && header.v7 ? S_IFDIR : S_IFREG;
            if (slash && type == S_IFREG)
                refuse_member(what_, member.name, "is a file whose name ends as a directory's");
            break;
        case '1':
            type = S_IFREG;
            member.hard_link = std::move(link);
            if (member.hard_link.empty()) refuse_member(what_, member.name, "is a link to nothing");
            break;
        case '2':
            type = S_IFLNK;
            member.symlink = std::move(link);
            break;
        case '3':
            type = S_IFCHR;
            break;
        case '4':
            type = S_IFBLK;
            break;
        case '5':
            type = S_IFDIR;
            break;
        case '6':
            type = S_IFIFO;
            break;
        case 'S':
            refuse_member(what_, member.name, "is a file with holes, which packages do not have");
        default:
            refuse_member(what_, member.name,
                          fmt::format("is of the kind '{}', which packages do not have",
                                      printable(std::string(1, header.type))));
    }
    member.mode = type | header.mode;
    if (member.size > 0 && (type != S_IFREG || !member.hard_link.empty())) {
        refuse_member(what_, member.name, "has content, but is no file");
    }
}

void TarReader::check_end() {
    std::uint64_t count = tar_block;
    for (;;) {
        const auto piece = take(max_end_padding);
        if (piece.empty()) break;
        count += piece.size();
        if (!is_zero(piece)) fail("there are bytes after its end");
        if (count > max_end_padding) fail("there are too many zeros after its end");
    }
    if (count < 2 * tar_block) fail("its end mark is cut short");
}

std::span<const std::byte> TarReader::content() {
    if (left_ == 0) return {};
    const auto piece = take(left_);
    if (piece.empty()) fail("it ends in the middle of a member");
    left_ -= piece.size();
    return piece;
}

}  // namespace hab::package
