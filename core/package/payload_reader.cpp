// SPDX-License-Identifier: Apache-2.0
#include "package/payload_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace hab::package {

std::size_t PayloadReader::read(std::span<std::byte> buffer) {
    for (;;) {
        const ssize_t n = ::pread(fd_, buffer.data(), buffer.size(), position_);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error::from_errno(fmt::format("cannot read '{}'", what_));
        const auto got = static_cast<std::size_t>(n);
        hash_.update(buffer.first(got));
        position_ += n;
        return got;
    }
}

std::string PayloadReader::finish_hash() {
    return to_hex(hash_.finish());
}

}  // namespace hab::package
