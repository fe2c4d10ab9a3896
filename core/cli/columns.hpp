// SPDX-License-Identifier: Apache-2.0
// Tables for people: columns that fit the terminal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/terminal.hpp"

namespace hab::cli {

/// What may happen to a column where the lines are too long.
enum class Fit {
    whole,  ///< nothing: it tells which thing the row is about
    cut,    ///< its cells end in "…"
    drop,   ///< it is left out, the last such column first
};

struct Column {
    std::string_view title;
    Fit fit = Fit::whole;
};

using Row = std::vector<std::string>;

/// Columns for a line: nothing if the output is no terminal, because what reads a pipe wants all of
/// it; 80 for a terminal that does not tell.
[[nodiscard]] std::optional<unsigned> line_width(const Terminal& terminal);

/// A title line and the rows, each with one cell per column, columns two blanks apart. Too wide for
/// `width`: columns are left out, then titles are cut, then cells, none below eight characters.
/// Lines whose `whole` cells alone are wider stay longer than `width`. Cells that are not UTF-8 or
/// hold control characters count as they are.
[[nodiscard]] std::string columns_text(std::span<const Column> columns,
                                       const std::vector<Row>& rows, std::optional<unsigned> width);

}  // namespace hab::cli
