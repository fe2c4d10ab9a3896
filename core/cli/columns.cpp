// SPDX-License-Identifier: Apache-2.0
#include "cli/columns.hpp"

#include <algorithm>
#include <numeric>

namespace hab::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_title = 4;
constexpr std::size_t least_cell = 8;

/// Characters, not bytes: of UTF-8 those that begin one.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string cut(std::string_view text, std::size_t length) {
    if (length_of(text) <= length) return std::string(text);
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (begins && seen++ + 1 == length) break;
    }
    return std::string(text.substr(0, end)) + "…";
}

/// One column while the table is laid out.
struct Laid {
    std::size_t index;  ///< in the columns and rows
    Fit fit;
    std::size_t cells;  ///< of the widest cell
    std::size_t width;
};

std::vector<Laid> natural_widths(std::span<const Column> columns, const std::vector<Row>& rows) {
    std::vector<Laid> laid;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::size_t cells = 1;
        for (const Row& row : rows)
            cells = std::max(cells, length_of(row[i]));
        laid.push_back({i, columns[i].fit, cells, std::max(cells, length_of(columns[i].title))});
    }
    return laid;
}

std::size_t total(const std::vector<Laid>& laid) {
    const std::size_t gaps = laid.empty() ? 0 : (laid.size() - 1) * gap;
    return std::accumulate(laid.begin(), laid.end(), gaps,
                           [](std::size_t sum, const Laid& one) { return sum + one.width; });
}

/// Takes one character after the other from the widest column that has any to give.
template <typename LeastOf>
void narrow(std::vector<Laid>& laid, std::size_t limit, LeastOf&& least) {
    for (std::size_t wide = total(laid); wide > limit; --wide) {
        Laid* widest = nullptr;
        for (Laid& one : laid) {
            if (one.width > least(one) && (widest == nullptr || one.width > widest->width))
                widest = &one;
        }
        if (widest == nullptr) return;
        --widest->width;
    }
}

void fit_into(std::vector<Laid>& laid, std::size_t limit) {
    while (total(laid) > limit) {
        const auto last = std::find_if(laid.rbegin(), laid.rend(),
                                       [](const Laid& one) { return one.fit == Fit::drop; });
        if (last == laid.rend()) break;
        laid.erase(std::next(last).base());
    }
    narrow(laid, limit, [](const Laid& one) { return std::max(one.cells, least_title); });
    narrow(laid, limit, [](const Laid& one) {
        return one.fit == Fit::cut ? std::min(one.width, least_cell) : one.width;
    });
}

template <typename CellOf>
std::string line(const std::vector<Laid>& laid, CellOf&& cell) {
    std::string text;
    for (const Laid& one : laid) {
        const std::string shown = cut(cell(one.index), one.width);
        text += shown;
        text.append(one.width + gap - length_of(shown), ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

}  // namespace

std::optional<unsigned> line_width(const Terminal& terminal) {
    if (!terminal.is_tty()) return std::nullopt;
    return terminal.width();
}

std::string columns_text(std::span<const Column> columns, const std::vector<Row>& rows,
                         std::optional<unsigned> width) {
    std::vector<Laid> laid = natural_widths(columns, rows);
    if (width) fit_into(laid, *width);
    std::string text = line(laid, [&](std::size_t i) { return columns[i].title; });
    for (const Row& row : rows)
        text += line(laid, [&](std::size_t i) { return std::string_view(row[i]); });
    return text;
}

}  // namespace hab::cli
