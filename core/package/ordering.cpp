// SPDX-License-Identifier: Apache-2.0
#include "package/ordering.hpp"

#include <algorithm>
#include <cstdint>

#include "base/strings.hpp"

namespace hab::package {
namespace {

/// The two halves of a version: digits and dots, and what follows.
struct SplitVersion {
    std::string_view number;
    std::string_view extension;
};

bool is_number_char(char c) noexcept {
    return (c >= '0' && c <= '9') || c == '.';
}

/// First match of ([\d\.]+)(.+)? anywhere in the text. As in upstream's regex '.' does not match a
/// line feed, which idents cannot contain anyway.
std::optional<SplitVersion> split_version(std::string_view version) {
    const auto begin = std::find_if(version.begin(), version.end(), is_number_char);
    if (begin == version.end()) return std::nullopt;
    const auto end = std::find_if_not(begin, version.end(), is_number_char);
    SplitVersion parts{{begin, end}, {end, version.end()}};
    if (parts.extension.size() > 1 && parts.extension.front() == '-') {
        parts.extension.remove_prefix(1);
    }
    return parts;
}

/// Takes what is before the next dot. Unlike split() it needs no memory: listings sort thousands.
std::string_view next_slot(std::string_view& rest) {
    const std::string_view slot = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(rest.size(), slot.size() + 1));
    return slot;
}

/// How many slots there are: dots and one.
std::size_t slot_count(std::string_view number) {
    return 1 + static_cast<std::size_t>(std::count(number.begin(), number.end(), '.'));
}

/// The slots are parsed only when they are reached: a bad one behind the first difference is never
/// seen.
std::optional<std::weak_ordering> compare_numbers(std::string_view a, std::string_view b) {
    const std::size_t left = slot_count(a);
    const std::size_t right = slot_count(b);
    for (std::size_t i = 0; i < std::max(left, right); ++i) {
        const auto x = i < left ? parse_u64(next_slot(a)) : std::optional<std::uint64_t>(0);
        const auto y = i < right ? parse_u64(next_slot(b)) : std::optional<std::uint64_t>(0);
        if (!x || !y) return std::nullopt;
        if (*x != *y) return *x <=> *y;
    }
    return std::weak_ordering::equivalent;
}

std::weak_ordering compare_bytes(std::string_view a, std::string_view b) {
    return a.compare(b) <=> 0;
}

/// Whether every slot is a number: such versions are totally ordered among each other.
bool is_sound(std::string_view version) {
    const auto parts = split_version(version);
    if (!parts) return false;
    std::string_view rest = parts->number;
    for (std::size_t left = slot_count(rest); left > 0; --left) {
        if (!parse_u64(next_slot(rest))) return false;
    }
    return true;
}

/// For sorting, which needs a strict weak order: unsound versions come first, as bytes.
std::weak_ordering compare_for_sorting(std::string_view a, std::string_view b) {
    if (a == b) return std::weak_ordering::equivalent;
    const bool left = is_sound(a);
    const bool right = is_sound(b);
    if (left != right) return left ? std::weak_ordering::greater : std::weak_ordering::less;
    return left ? *compare_versions(a, b) : compare_bytes(a, b);
}

}  // namespace

std::optional<std::weak_ordering> compare_versions(std::string_view a, std::string_view b) {
    const auto left = split_version(a);
    const auto right = split_version(b);
    if (!left || !right) return std::nullopt;
    const auto numbers = compare_numbers(left->number, right->number);
    if (!numbers || *numbers != 0) return numbers;
    if (left->extension.empty() != right->extension.empty()) {
        return left->extension.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    return compare_bytes(left->extension, right->extension);
}

std::weak_ordering compare_by_name(const Ident& a, const Ident& b) {
    const auto names = compare_bytes(a.name, b.name);
    if (names != 0) return names;
    const auto versions = compare_for_sorting(a.version, b.version);
    return versions != 0 ? versions : compare_bytes(a.release, b.release);
}

std::weak_ordering compare_by_parts(const Ident& a, const Ident& b) {
    const auto origins = compare_bytes(a.origin, b.origin);
    return origins != 0 ? origins : compare_by_name(a, b);
}

void sort_by_parts(std::vector<Ident>& idents) {
    // The order treats 1.0 and 1.0.0 alike; the text makes listings the same every time.
    std::sort(idents.begin(), idents.end(), [](const Ident& a, const Ident& b) {
        const auto order = compare_by_parts(a, b);
        return order != 0 ? order < 0 : a.version < b.version;
    });
}

std::optional<Ident> latest_of(const std::vector<Ident>& idents, const Ident& wanted) {
    const Ident* best = nullptr;
    for (const Ident& ident : idents) {
        if (!ident.satisfies(wanted)) continue;
        if (best == nullptr || compare_by_parts(ident, *best) > 0) best = &ident;
    }
    return best == nullptr ? std::nullopt : std::optional<Ident>(*best);
}

}  // namespace hab::package
