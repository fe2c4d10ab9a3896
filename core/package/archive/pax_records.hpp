// SPDX-License-Identifier: Apache-2.0
// Extended headers of pax archives: "LENGTH KEY=VALUE\n" records that override fields of the next
// member. Format: POSIX.1-2017 pax, "pax Extended Header".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hab::package {

/// What the records say about a member; other keys (owners, times in fractions, attributes) are
/// ignored.
struct PaxRecords {
    std::optional<std::string> path;
    std::optional<std::string> link;
    std::optional<std::uint64_t> size;
    std::optional<std::int64_t> mtime;

    [[nodiscard]] bool empty() const { return !path && !link && !size && !mtime; }
};

/// Reads all records. Empty if they are sound and mean one thing, else what is wrong.
[[nodiscard]] std::string parse_pax_records(std::string_view text, PaxRecords& records);

}  // namespace hab::package
