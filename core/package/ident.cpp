// SPDX-License-Identifier: Apache-2.0
#include "package/ident.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::size_t max_part = 255;  // every part becomes a file name

bool is_part_char(char c) noexcept {
    const auto u = static_cast<unsigned char>(c);
    return u > ' ' && u != 0x7f && c != '\\' && c != '/';
}

/// Why a text is no ident; empty if it is one.
std::string defect(std::string_view text, const std::vector<std::string_view>& parts) {
    if (parts.size() < 2 || parts.size() > 4) {
        return fmt::format("it has {} part{}", parts.size(), parts.size() == 1 ? "" : "s");
    }
    for (const std::string_view part : parts) {
        if (part.empty()) return "a part is empty";
        if (part == "." || part == "..") return fmt::format("'{}' is not a name", part);
        if (part.size() > max_part) return "a part is longer than 255 characters";
        if (!std::all_of(part.begin(), part.end(), is_part_char)) {
            return "it contains a blank, a backslash or a control character";
        }
    }
    if (!is_utf8(text)) return "it is not valid UTF-8";
    if (parts[0].front() == '-' || parts[0].front() == '.') return "an origin cannot begin with it";
    return {};
}

}  // namespace

std::optional<Ident> Ident::try_parse(std::string_view text) {
    const auto parts = split(text, '/');
    if (!defect(text, parts).empty()) return std::nullopt;
    Ident ident{std::string(parts[0]), std::string(parts[1]), {}, {}};
    if (parts.size() > 2) ident.version = parts[2];
    if (parts.size() > 3) ident.release = parts[3];
    return ident;
}

Ident Ident::parse(std::string_view text) {
    if (auto ident = try_parse(text)) return std::move(*ident);
    throw Error(
        ErrorCode::usage,
        fmt::format("'{}' is not a package identifier: {}", text, defect(text, split(text, '/'))),
        "write origin/name, origin/name/version or origin/name/version/release, for example "
        "core/nginx");
}

std::string Ident::to_string() const {
    std::string text = origin + "/" + name;
    if (!version.empty()) text += "/" + version;
    if (!release.empty()) text += "/" + release;
    return text;
}

bool Ident::satisfies(const Ident& wanted) const noexcept {
    return origin == wanted.origin && name == wanted.name &&
           (wanted.version.empty() || version == wanted.version) &&
           (wanted.release.empty() || release == wanted.release);
}

std::string Ident::archive_name(const Target& target) const {
    require_fully_qualified(*this);
    return fmt::format("{}-{}-{}-{}-{}.hart", origin, name, version, release, target.name());
}

std::string Ident::relative_path() const {
    return "hab/pkgs/" + to_string();
}

void require_fully_qualified(const Ident& ident) {
    if (ident.fully_qualified()) return;
    throw Error(ErrorCode::usage,
                fmt::format("'{}' does not name one package: its {} missing", ident.to_string(),
                            ident.version.empty() ? "version and release are" : "release is"),
                "give origin/name/version/release; 'hab pkg list' shows what is installed");
}

}  // namespace hab::package
