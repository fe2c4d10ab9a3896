// SPDX-License-Identifier: Apache-2.0
// A tar archive of a few small files, in memory.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hab::cli {

/// POSIX ustar with regular files of mode 0600 and owner root.
class TarText {
public:
    explicit TarText(WallTime time) : time_(time) {}

    /// `name`: relative, at most 100 bytes (what is longer is cut at its front).
    void add(std::string_view name, std::string_view content);
    /// The archive; nothing can be added any more.
    [[nodiscard]] std::string finish() &&;

private:
    WallTime time_;
    std::string bytes_;
};

}  // namespace hab::cli
