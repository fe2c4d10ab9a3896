// SPDX-License-Identifier: Apache-2.0
#include "case.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>

namespace handlebars {
namespace {

/// Code points first, first+step, … last differ from their other case by delta.
struct Range {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t delta;
};
/// A code point whose other case is several.
struct Special {
    char32_t from;
    const char* to;  ///< UTF-8
};

#include "case_tables.inc"

/// Reads one code point and returns its length; 0 if the bytes are not UTF-8.
std::size_t decode(std::string_view text, char32_t& out) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80       ? 1
                               : lead >> 5 == 6  ? 2
                               : lead >> 4 == 14 ? 3
                               : lead >> 3 == 30 ? 4
                                                 : 0;
    if (length == 0 || length > text.size()) return 0;
    static constexpr unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    out = lead & masks[length];
    for (std::size_t i = 1; i < length; ++i) {
        if (byte(i) >> 6 != 2) return 0;
        out = (out << 6) | (byte(i) & 0x3F);
    }
    return length;
}

void encode(std::string& out, char32_t point) {
    const auto put = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

char32_t map_point(char32_t point, std::span<const Range> ranges) {
    const auto range = std::lower_bound(ranges.begin(), ranges.end(), point,
                                        [](const Range& r, char32_t p) { return r.last < p; });
    if (range == ranges.end() || point < range->first ||
        (point - range->first) % range->step != 0) {
        return point;
    }
    return static_cast<char32_t>(static_cast<std::int32_t>(point) + range->delta);
}

template <class Exception>
std::string convert(std::string_view text, std::span<const Range> ranges,
                    std::span<const Special> specials, Exception exception) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        char32_t point = 0;
        const std::size_t length = decode(text.substr(at), point);
        if (length == 0) {
            out += text[at++];
            continue;
        }
        const auto special = std::find_if(specials.begin(), specials.end(),
                                          [&](const Special& s) { return s.from == point; });
        if (point >= 0x80 && special != specials.end()) {
            out += special->to;
        } else if (!exception(out, point, at, length)) {
            encode(out, map_point(point, ranges));
        }
        at += length;
    }
    return out;
}

bool is_letter(char32_t point) {
    return map_point(point, upper_ranges) != point || map_point(point, lower_ranges) != point;
}

/// Whether the bytes before `at` end with a letter.
bool letter_before(std::string_view text, std::size_t at) {
    if (at == 0) return false;
    std::size_t begin = at - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
        --begin;
    char32_t point = 0;
    return decode(text.substr(begin), point) != 0 && is_letter(point);
}

bool letter_at(std::string_view text, std::size_t at) {
    char32_t point = 0;
    return at < text.size() && decode(text.substr(at), point) != 0 && is_letter(point);
}

}  // namespace

std::string to_upper(std::string_view text) {
    return convert(text, upper_ranges, upper_specials,
                   [](std::string&, char32_t, std::size_t, std::size_t) { return false; });
}

std::string to_lower(std::string_view text) {
    constexpr char32_t capital_sigma = 0x3A3;
    constexpr char32_t final_sigma = 0x3C2;
    return convert(text, lower_ranges, lower_specials,
                   [&](std::string& out, char32_t point, std::size_t at, std::size_t length) {
                       if (point != capital_sigma || !letter_before(text, at) ||
                           letter_at(text, at + length)) {
                           return false;
                       }
                       encode(out, final_sigma);
                       return true;
                   });
}

}  // namespace handlebars
