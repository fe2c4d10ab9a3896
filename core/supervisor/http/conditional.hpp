// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "supervisor/http/route_table.hpp"

namespace hab::supervisor::http {

/// Whether a header If-None-Match names this entity tag: a list of tags, weak ones too, or "*".
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view tag) noexcept;

/// Gives an answer 200 its entity tag if it has none and may be stored, and makes it 304 without a
/// body when the client has these very bytes already.
[[nodiscard]] Response conditional(const Request& request, Response response);

}  // namespace hab::supervisor::http
