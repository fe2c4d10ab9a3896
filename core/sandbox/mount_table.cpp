// SPDX-License-Identifier: Apache-2.0
#include "sandbox/mount_table.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/tree.hpp"

namespace hab::sandbox {
namespace {

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

/// Blank, tab, newline and backslash are written as \040 and so on.
std::string unescape(std::string_view field) {
    std::string text;
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] == '\\' && i + 3 < field.size() && is_octal(field[i + 1]) &&
            is_octal(field[i + 2]) && is_octal(field[i + 3])) {
            text += static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 +
                                      (field[i + 3] - '0'));
            i += 3;
        } else {
            text += field[i];
        }
    }
    return text;
}

bool at_or_below(const fs::path& path, const fs::path& top) {
    auto part = path.begin();
    for (const auto& expected : top) {
        if (part == path.end() || *part != expected) return false;
        ++part;
    }
    return true;
}

}  // namespace

std::vector<fs::path> parse_mountinfo(std::string_view text) {
    std::vector<fs::path> points;
    for (const std::string_view line : split(text, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() > 4 && fields[4].starts_with('/'))
            points.emplace_back(unescape(fields[4]));
    }
    return points;
}

std::vector<fs::path> mount_points() {
    return parse_mountinfo(read_file("/proc/self/mountinfo"));
}

std::vector<fs::path> mounts_below(const fs::path& path) {
    // Links are resolved because the kernel's list has none.
    std::error_code ignored;
    fs::path top = fs::weakly_canonical(path, ignored);
    if (ignored) top = fs::absolute(path).lexically_normal();
    if (!top.has_filename()) top = top.parent_path();
    std::vector<fs::path> below;
    for (fs::path& point : mount_points()) {
        if (at_or_below(point, top)) below.push_back(std::move(point));
    }
    return below;
}

void remove_tree_unmounted(const fs::path& path) {
    const std::vector<fs::path> mounts = mounts_below(path);
    if (!mounts.empty()) {
        throw Error(ErrorCode::conflict,
                    fmt::format("cannot remove '{}': '{}' is mounted there", path.string(),
                                mounts.front().string()),
                    "unmount it first; nothing was removed");
    }
    remove_tree(path);
}

}  // namespace hab::sandbox
