// SPDX-License-Identifier: Apache-2.0
#include "package/archive/tar_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"

namespace hab::package {
namespace {

constexpr std::size_t buffer_size = 1u << 18;

std::string text_or_empty(const char* text) {
    return text != nullptr ? text : "";
}

}  // namespace

Utf8Thread::Utf8Thread() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) previous_ = ::uselocale(locale_);
}

Utf8Thread::~Utf8Thread() {
    if (locale_ == nullptr) return;
    ::uselocale(previous_);
    ::freelocale(locale_);
}

TarReader::TarReader(const ByteSource& source, std::string what, unsigned workers)
    : what_(std::move(what)),
      decoder_(source, what_, workers),
      tar_(::archive_read_new()),
      buffer_(buffer_size) {
    ::archive_read_support_filter_none(tar_.get());
    ::archive_read_support_format_tar(tar_.get());
    if (::archive_read_open(tar_.get(), this, nullptr, &TarReader::feed, nullptr) != ARCHIVE_OK) {
        fail();
    }
}

la_ssize_t TarReader::feed(archive*, void* self, const void** buffer) noexcept {
    auto* reader = static_cast<TarReader*>(self);
    try {
        const auto block = reader->decoder_.next();
        *buffer = block.data();
        return static_cast<la_ssize_t>(block.size());
    } catch (...) {  // C code calls this: fail() throws it again on the other side
        reader->failure_ = std::current_exception();
        return -1;
    }
}

void TarReader::fail() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("the content of '{}' cannot be unpacked: it is not a sound tar archive ({})",
                    what_, error_text(tar_.get())),
        "the file is damaged: fetch or build it again");
}

bool TarReader::next(TarMember& member) {
    archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(tar_.get(), &entry);
    if (result == ARCHIVE_EOF) return false;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) fail();
    member.name = text_or_empty(::archive_entry_pathname(entry));
    if (member.name.empty()) fail();
    if (member.name.size() > 1 && member.name.back() == '/') member.name.pop_back();
    member.hard_link = text_or_empty(::archive_entry_hardlink(entry));
    member.symlink = text_or_empty(::archive_entry_symlink(entry));
    member.mode = ::archive_entry_mode(entry);
    member.size = static_cast<std::uint64_t>(::archive_entry_size(entry));
    member.mtime = ::archive_entry_mtime(entry);
    return true;
}

std::span<const std::byte> TarReader::content() {
    const la_ssize_t n = ::archive_read_data(tar_.get(), buffer_.data(), buffer_.size());
    if (n < 0) fail();
    return std::span(buffer_).first(static_cast<std::size_t>(n));
}

}  // namespace hab::package
