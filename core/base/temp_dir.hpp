// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/files.hpp"

namespace hab {

/// A fresh directory (mode 0700) that is removed, without crossing mounts, when the object goes.
class TempDir {
public:
    /// Creates `<parent>/<prefix>XXXXXX`. Default parent: $TMPDIR or /tmp.
    explicit TempDir(std::string_view prefix = "hab-", const fs::path& parent = {});
    TempDir(TempDir&& other) noexcept;
    TempDir& operator=(TempDir&&) = delete;
    ~TempDir();

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    /// Leaves the directory on disk; the caller owns it from now on.
    fs::path release() noexcept;

private:
    fs::path path_;
};

}  // namespace hab
