// SPDX-License-Identifier: Apache-2.0
#include "package/metafiles.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "base/strings.hpp"

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

}  // namespace

std::vector<Ident> parse_ident_lines(std::string_view text, std::string_view what) {
    std::vector<Ident> idents;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        auto ident = Ident::try_parse(line);
        if (!ident || !ident->fully_qualified()) {
            malformed(what, number, fmt::format("'{}' is not a fully qualified package", line));
        }
        idents.push_back(std::move(*ident));
    });
    return idents;
}

KeyValues parse_key_values(std::string_view text, std::string_view what) {
    KeyValues pairs;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        const std::size_t equals = line.find('=');
        if (equals == line.npos) malformed(what, number, fmt::format("'{}' has no '='", line));
        pairs.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    });
    return pairs;
}

std::vector<Bind> parse_binds(std::string_view text, std::string_view what) {
    std::vector<Bind> binds;
    for_each_line(text, [&](std::string_view line, std::size_t number) {
        const auto parts = split(line, '=');  // upstream ignores what follows a second '='
        if (parts.size() < 2 || parts[0].empty()) {
            malformed(what, number, fmt::format("'{}' is not of the form bind=exports", line));
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
                malformed(what, number, fmt::format("'{}' is not a port", word));
            }
            ports.push_back(port);
        }
    });
    return ports;
}

std::optional<std::string> Metafiles::read(std::string_view name) const {
    const fs::path path = dir_ / name;
    auto text = read_file_if_exists(path, max_metafile_size);
    if (!text) return std::nullopt;
    if (!is_utf8(*text)) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("the metafile '{}' is not valid UTF-8", path.string()),
                    "the package was built wrongly: build it again");
    }
    return std::string(trim(*text));
}

std::string Metafiles::read_or_empty(std::string_view name) const {
    return read(name).value_or(std::string());
}

std::vector<Ident> Metafiles::idents(std::string_view name) const {
    return parse_ident_lines(read_or_empty(name), fmt::format("'{}'", (dir_ / name).string()));
}

KeyValues Metafiles::key_values(std::string_view name) const {
    return parse_key_values(read_or_empty(name), fmt::format("'{}'", (dir_ / name).string()));
}

std::vector<Bind> Metafiles::binds(std::string_view name) const {
    return parse_binds(read_or_empty(name), fmt::format("'{}'", (dir_ / name).string()));
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
