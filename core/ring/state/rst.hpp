// SPDX-License-Identifier: Apache-2.0
// Stock's .rst files: import and export. docs/formats/ring-state.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ring/node/state_record.hpp"

namespace hab::ring {

/// The members and rumors of a .rst file, version 1 or 2. Throws invalid_input, with a sentence of
/// its own for each of: an empty file, another version, a file cut short, sections that do not fill
/// the file, a record that is cut short or cannot be decoded, a rumor in another kind's section.
/// `what` names the file.
[[nodiscard]] std::vector<StateRecord> read_rst(std::string_view bytes, std::string_view what);

/// A .rst file of version 2 with the members and rumors among the records, in their order within
/// each section. What stock has no place for (incarnation, votes, tombstones) is left out: its
/// incarnation is in a file of its own. Throws bug for a rumor that cannot be decoded.
[[nodiscard]] std::string write_rst(std::span<const StateRecord> records);

}  // namespace hab::ring
