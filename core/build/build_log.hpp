// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/files.hpp"
#include "base/terminal.hpp"

namespace hab::build {

/// Everything a build prints goes to the terminal and to its log. The log's name needs the
/// package's name, so text is kept until open() is called. Not thread-safe.
class BuildLog {
public:
    explicit BuildLog(Terminal& terminal) : terminal_(terminal) {}

    void write(std::string_view text);
    /// Only once; later calls are ignored.
    void open(const fs::path& path);
    [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    Terminal& terminal_;
    std::string early_;
    fs::path path_;
    UniqueFd fd_;
};

}  // namespace hab::build
