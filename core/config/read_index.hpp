// SPDX-License-Identifier: Apache-2.0
// Which templates looked at which parts of the data, so that a change names those to render again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hab::config {

/// Templates are numbers; patterns are the engine's ids with their texts ("svc.members.*.sys.ip").
/// When in doubt a template counts as a reader: a needless render costs microseconds.
class ReadIndex {
public:
    /// Text of a pattern id; called once for each id.
    using PatternText = std::function<std::string(std::uint32_t id)>;

    /// Replaces what a template has read.
    void set_reads(std::size_t which, std::vector<std::uint32_t> ids, const PatternText& text);
    /// Texts of what it read, in the order in which the engine numbered them.
    [[nodiscard]] std::vector<std::string> reads(std::size_t which) const;

    /// Calls `reader` for each template that read something at, above or below the place of a JSON
    /// Pointer; possibly more than once.
    void for_each_reader(std::string_view pointer,
                         const std::function<void(std::size_t which)>& reader) const;

private:
    struct Pattern {
        bool known = false;
        std::string text;
        std::vector<std::string> steps;
        std::vector<std::size_t> readers;
    };

    std::vector<Pattern> patterns_;                  ///< by id
    std::vector<std::vector<std::uint32_t>> reads_;  ///< by template
};

}  // namespace hab::config
