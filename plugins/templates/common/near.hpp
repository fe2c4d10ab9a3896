// SPDX-License-Identifier: Apache-2.0
// The name that was probably meant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace template_plugins {

/// How many letters must be put in, taken out, replaced or swapped with their neighbour to make one
/// name of the other. Upper and lower case are the same.
[[nodiscard]] inline std::size_t edits(std::string_view left, std::string_view right) {
    const auto fold = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const std::size_t width = right.size() + 1;
    std::vector<std::size_t> before(width), above(width), row(width);
    for (std::size_t j = 0; j < width; ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        before.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const bool same = fold(left[i - 1]) == fold(right[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && fold(left[i - 1]) == fold(right[j - 2]) &&
                fold(left[i - 2]) == fold(right[j - 1])) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[right.size()];
}

/// Keeps the nearest of the names offered to it, if any is near enough to be a slip of the pen.
class NearMatch {
public:
    explicit NearMatch(std::string_view wanted)
        : wanted_(wanted.substr(0, longest)),
          fewest_(std::max<std::size_t>(1, wanted_.size() / 3) + 1) {}

    void offer(std::string_view name) {
        if (name.size() > longest || name == wanted_) return;
        const std::size_t longer = std::max(name.size(), wanted_.size());
        // Each letter too many is an edit, and one letter of one is no likeness.
        if (longer - std::min(name.size(), wanted_.size()) >= fewest_) return;
        const std::size_t count = edits(wanted_, name);
        if (count >= fewest_ || count >= longer) return;
        fewest_ = count;
        found_ = name;
    }
    /// Empty if nothing was near.
    [[nodiscard]] const std::string& found() const noexcept { return found_; }

private:
    static constexpr std::size_t longest = 64;
    std::string wanted_;
    std::size_t fewest_;
    std::string found_;
};

}  // namespace template_plugins
