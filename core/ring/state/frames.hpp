// SPDX-License-Identifier: Apache-2.0
// State records as bytes of our own files. docs/formats/ring-state.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ring/node/state_record.hpp"

namespace hab::ring {

/// First 16 bytes of a file: what it is, and which generation. A log belongs to the snapshot of its
/// own generation.
struct StateHeader {
    bool snapshot = false;
    std::uint64_t generation = 0;
};
inline constexpr std::size_t state_header_size = 16;

void append_header(std::string& out, const StateHeader& header);
/// One record: length, checksum, kind, number, bytes.
void append_frame(std::string& out, const StateRecord& record);

struct StateFile {
    StateHeader header;
    std::vector<StateRecord> records;
    /// Up to here everything is whole. Less than the file's size: a write was cut short there, or
    /// the disk changed something. 0: not even the header is whole.
    std::size_t valid = 0;
};
/// Reads as far as things are whole. Throws invalid_input for a whole header that is not that of a
/// file of ours; `what` names the file.
[[nodiscard]] StateFile read_frames(std::string_view bytes, std::string_view what);

/// Of several records about the same thing only the last, in the order of those.
[[nodiscard]] std::vector<StateRecord> latest_only(std::vector<StateRecord> records);

}  // namespace hab::ring
