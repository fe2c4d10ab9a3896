// SPDX-License-Identifier: Apache-2.0
// Upper and lower case of UTF-8 text, by Unicode's tables and independent of any locale.
#pragma once

#include <string>
#include <string_view>

namespace handlebars {

/// Full mapping: "ß" becomes "SS". Bytes that are not UTF-8 stay as they are.
[[nodiscard]] std::string to_upper(std::string_view text);
/// Full mapping; a sigma at the end of a word becomes the final form.
[[nodiscard]] std::string to_lower(std::string_view text);

}  // namespace handlebars
