// SPDX-License-Identifier: Apache-2.0
// The strict option: a missing value is an error. kainjow asks for sections, which may be missing,
// and for variables in the same words, and does not say where it stands: so it is given texts in
// which every tag that needs a value carries a mark with its place.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax.hpp"

namespace mustache_plugin {

/// Where a name stands.
struct Mark {
    std::size_t template_number;
    std::size_t offset;  ///< of the tag, in the text without marks
    std::string name;    ///< without the mark
};

/// `text` with a mark before the name of each variable and partial.
[[nodiscard]] std::string mark_tags(std::string_view text, const std::vector<Tag>& tags,
                                    std::size_t template_number);

/// Nothing for a name without a mark.
[[nodiscard]] std::optional<Mark> read_mark(std::string_view name);

/// What `data` has instead of a name that is missing in it; empty if there is nothing to say.
[[nodiscard]] std::string missing_hint(const boost::json::value& data, std::string_view name);

}  // namespace mustache_plugin
