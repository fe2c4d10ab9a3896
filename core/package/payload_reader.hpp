// SPDX-License-Identifier: Apache-2.0
// Private to package/: the payload of an open artifact as a source of bytes that hashes what it
// delivers.
#pragma once

#include <string>

#include "base/files.hpp"
#include "crypto/hash.hpp"
#include "package/archive_module.hpp"

namespace hab::package {

class PayloadReader {
public:
    /// Borrowed descriptor; `offset` is the length of the header. `what` names the file in errors.
    PayloadReader(int fd, std::size_t offset, std::string what)
        : fd_(fd), position_(static_cast<off_t>(offset)), what_(std::move(what)) {}

    /// For the archive module; refers to this object.
    [[nodiscard]] ByteSource source() {
        return [this](std::span<std::byte> buffer) { return read(buffer); };
    }
    /// Hash of everything read so far, as hex: of the payload, once the source has ended. Ends the
    /// reader.
    [[nodiscard]] std::string finish_hash();

private:
    std::size_t read(std::span<std::byte> buffer);

    int fd_;
    off_t position_;
    std::string what_;
    crypto::Blake2b hash_;
};

}  // namespace hab::package
