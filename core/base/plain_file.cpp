// SPDX-License-Identifier: Apache-2.0
#include "base/plain_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"

namespace hab {

bool plain_file_holds(const std::filesystem::path& path, std::string_view content) {
    const UniqueFd fd(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
    if (static_cast<std::size_t>(info.st_size) != content.size()) return false;
    std::array<char, 65536> block;
    for (;;) {
        // One byte more than is expected: the file may grow meanwhile.
        const std::size_t most = std::min(block.size(), content.size() + 1);
        const ssize_t n = ::read(fd.get(), block.data(), most);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        if (n == 0) return content.empty();
        if (!content.starts_with(std::string_view(block.data(), static_cast<std::size_t>(n))))
            return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace hab
