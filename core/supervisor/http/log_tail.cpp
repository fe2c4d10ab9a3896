// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/log_tail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"
#include "supervisor/line_splitter.hpp"

namespace hab::supervisor::http {

namespace {

constexpr off_t largest_look = 512 * 1024;

/// The last bytes of our own file; empty if there is none.
std::string end_of(const std::filesystem::path& file) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0) return {};
    if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid()) return {};
    const off_t from = std::max<off_t>(0, info.st_size - largest_look);
    std::string bytes(static_cast<std::size_t>(info.st_size - from), '\0');
    std::size_t got = 0;
    while (got < bytes.size()) {
        const auto count = ::pread(fd.get(), bytes.data() + got, bytes.size() - got,
                                   from + static_cast<off_t>(got));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw Error::from_errno("cannot read the log " + file.string());
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    // The first line is only part of one, and the last one may still be written.
    if (from > 0) bytes.erase(0, std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    bytes.resize(bytes.rfind('\n') + 1);
    return bytes;
}

TailLine parse(std::string_view line) {
    const auto first = std::min(line.find(' '), line.size());
    const auto rest = line.substr(std::min(first + 1, line.size()));
    const auto second = std::min(rest.find(' '), rest.size());
    return {printable(line.substr(0, first)), printable(rest.substr(0, second)),
            printable(rest.substr(std::min(second + 1, rest.size())))};
}

}  // namespace

std::vector<TailLine> log_tail(const std::filesystem::path& file, std::size_t most) {
    std::vector<TailLine> newest_first;
    for (const auto& one : {file, std::filesystem::path(file.string() + ".1")}) {
        const std::string bytes = end_of(one);
        auto lines = split(bytes, '\n');
        if (!lines.empty()) lines.pop_back();  // behind the last line end
        for (auto at = lines.rbegin(); at != lines.rend() && newest_first.size() < most; ++at)
            newest_first.push_back(parse(*at));
        if (newest_first.size() == most) break;
    }
    return {std::make_move_iterator(newest_first.rbegin()),
            std::make_move_iterator(newest_first.rend())};
}

}  // namespace hab::supervisor::http
