// SPDX-License-Identifier: Apache-2.0
#include "package/metafiles.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

[[noreturn]] void malformed(std::string_view what, std::size_t line, std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{} is malformed in line {}: {}", what, line, why),
                "the package was built wrongly: build it again");
}

/// Calls `take(line, number)` for every line that is not blank, trimmed.
template <typename Take>
void for_each_line(std::string_view text, Take take) {
    std::size_t number = 0;
    for (const std::string_view raw : split(text, '\n')) {
        ++number;
        const std::string_view line = trim(raw);
        if (!line.empty()) take(line, number);
    }
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    for (const std::string_view word : split(text, ' ')) {
        if (const auto clean = trim(word); !clean.empty()) found.emplace_back(clean);
    }
    return found;
}

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
    throw Error(ErrorCode::invalid_input, fmt::format("the metafile '{}' {}", path, why),
                "the package was built wrongly: build it again");
}

/// Nothing if it does not exist. A link could lead to any file of the machine, a FIFO would wait.
UniqueFd open_metafile(const std::string& path, std::size_t limit) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return {};
        if (errno == ELOOP) refuse(path, "is a link");
        throw Error::from_errno(fmt::format("cannot open '{}'", path));
    }
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) {
        throw Error::from_errno(fmt::format("cannot look at '{}'", path));
    }
    if (!S_ISREG(info.st_mode)) refuse(path, "is no file");
    if (static_cast<std::uint64_t>(info.st_size) > limit) refuse(path, "is too large");
    return fd;
}

/// No package needs as many.
constexpr std::size_t max_idents = 10'000;

}  // namespace

std::vector<Ident> parse_ident_lines(std::string_view text, std::string_view what) {
    std::vector<Ident> idents;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        auto ident = Ident::try_parse(line);
        if (!ident || !ident->fully_qualified()) {
            malformed(what, number,
                      fmt::format("'{}' is not a fully qualified package", printable(line)));
        }
        if (idents.size() == max_idents) {
            malformed(what, number, fmt::format("it names more than {} packages", max_idents));
        }
        idents.push_back(std::move(*ident));
    });
    return idents;
}

KeyValues parse_key_values(std::string_view text, std::string_view what) {
    KeyValues pairs;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        const std::size_t equals = line.find('=');
        if (equals == line.npos)
            malformed(what, number, fmt::format("'{}' has no '='", printable(line)));
        pairs.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    });
    return pairs;
}

std::vector<Bind> parse_binds(std::string_view text, std::string_view what) {
    std::vector<Bind> binds;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        const auto parts = split(line, '=');  // upstream ignores what follows a second '='
        if (parts.size() < 2 || parts[0].empty()) {
            malformed(what, number,
                      fmt::format("'{}' is not of the form bind=exports", printable(line)));
        }
        binds.push_back({std::string(trim(parts[0])), words(parts[1])});
    });
    return binds;
}

std::vector<std::uint16_t> parse_ports(std::string_view text, std::string_view what) {
    std::vector<std::uint16_t> ports;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        for (const std::string& word : words(line)) {
            std::uint16_t port = 0;
            const char* end = word.data() + word.size();
            const auto result = std::from_chars(word.data(), end, port);
            if (result.ec != std::errc() || result.ptr != end) {
                malformed(what, number, fmt::format("'{}' is not a port", printable(word)));
            }
            ports.push_back(port);
        }
    });
    return ports;
}

std::optional<std::string> Metafiles::read(std::string_view name) const {
    // Most are not there, and a service asks for twenty: a text is made sooner than a path.
    const std::string path = fmt::format("{}/{}", dir_.native(), name);
    const std::size_t limit = name == metafile::files ? max_files_size : max_metafile_size;
    const UniqueFd fd = open_metafile(path, limit);
    if (!fd) return std::nullopt;
    std::string text = read_fd(fd.get(), path, limit);
    if (!is_utf8(text)) refuse(path, "is not valid UTF-8");
    const std::string_view kept = trim(text);
    text.erase(0, static_cast<std::size_t>(kept.data() - text.data())).resize(kept.size());
    return text;
}

std::string Metafiles::read_or_empty(std::string_view name) const {
    return read(name).value_or(std::string());
}

std::vector<Ident> Metafiles::idents(std::string_view name) const {
    const std::string text = read_or_empty(name);
    if (text.empty()) return {};
    return parse_ident_lines(text, fmt::format("'{}'", (dir_ / name).string()));
}

KeyValues Metafiles::key_values(std::string_view name) const {
    const std::string text = read_or_empty(name);
    if (text.empty()) return {};
    return parse_key_values(text, fmt::format("'{}'", (dir_ / name).string()));
}

std::vector<Bind> Metafiles::binds(std::string_view name) const {
    const std::string text = read_or_empty(name);
    if (text.empty()) return {};
    return parse_binds(text, fmt::format("'{}'", (dir_ / name).string()));
}

std::vector<std::string> Metafiles::path_list(std::string_view name) const {
    std::vector<std::string> entries;
    const std::string text = read_or_empty(name);
    for (const std::string_view entry : split(text, ':')) {
        if (!entry.empty()) entries.emplace_back(entry);
    }
    return entries;
}

void write_metafile(const fs::path& dir, std::string_view name, std::string_view content) {
    const fs::path path = dir / name;
    while (content.ends_with('\n'))
        content.remove_suffix(1);
    if (content.empty()) {
        fs::remove(path);
        return;
    }
    write_file_atomic(path, std::string(content) + "\n", WriteOptions{.durable = false});
}

void write_metafile(const fs::path& dir, std::string_view name, const std::vector<Ident>& idents) {
    std::string text;
    for (const Ident& ident : idents)
        text += ident.to_string() + "\n";
    write_metafile(dir, name, text);
}

}  // namespace hab::package
