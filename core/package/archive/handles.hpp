// SPDX-License-Identifier: Apache-2.0
// libarchive's objects with owners, and its errors as ours.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace hab::package {

struct FreeArchive {
    void operator()(archive* handle) const noexcept { ::archive_free(handle); }
};
struct FreeEntry {
    void operator()(archive_entry* entry) const noexcept { ::archive_entry_free(entry); }
};
using ArchiveHandle = std::unique_ptr<archive, FreeArchive>;
using EntryHandle = std::unique_ptr<archive_entry, FreeEntry>;

/// libarchive's text for its last error, never null.
[[nodiscard]] inline const char* error_text(archive* handle) noexcept {
    const char* text = ::archive_error_string(handle);
    return text != nullptr ? text : "unknown error";
}

}  // namespace hab::package
