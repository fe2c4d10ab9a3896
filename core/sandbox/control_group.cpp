// SPDX-License-Identifier: Apache-2.0
#include "sandbox/control_group.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/strings.hpp"

namespace hab::sandbox {

fs::path own_group(std::string_view proc_self_cgroup, std::string_view controller,
                   const fs::path& mount, bool& is_v2) {
    fs::path unified;
    for (const std::string_view line : split(proc_self_cgroup, '\n')) {
        const auto first = line.find(':');
        const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        const std::string_view names = line.substr(first + 1, second - first - 1);
        const std::string_view path = line.substr(second + 1);
        const auto list = split(names, ',');
        if (std::find(list.begin(), list.end(), controller) != list.end()) {
            is_v2 = false;
            return mount / names / fs::path(path).relative_path();
        }
        if (names.empty()) unified = mount / fs::path(path).relative_path();
    }
    is_v2 = true;
    return unified;
}

void write_setting(const fs::path& file, std::string_view value) {
    const UniqueFd fd = open_file(file, O_WRONLY);
    write_all(fd.get(), value, file.string());
}

std::uint64_t counter(const fs::path& file, std::string_view word) {
    const auto text = read_file_if_exists(file);
    if (!text) return 0;
    for (const std::string_view line : split(*text, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() == 2 && fields[0] == word) return parse_u64(fields[1]).value_or(0);
    }
    return 0;
}

}  // namespace hab::sandbox
