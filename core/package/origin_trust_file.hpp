// SPDX-License-Identifier: Apache-2.0
// Private to package/: the text of a trust file.
#pragma once

#include <string>
#include <string_view>

#include "package/origin_trust.hpp"

namespace hab::package {

/// "TRUST-1", then a line "NAME-REVISION FINGERPRINT REASON SINCE [pinned]" per key. Throws
/// invalid_input naming `file` and the line; keys of another origin and repeated ones are refused.
[[nodiscard]] OriginRecord parse_trust_file(std::string_view text, std::string_view origin,
                                            std::string_view file);
/// Keys sorted by revision; the same record always gives the same bytes.
[[nodiscard]] std::string format_trust_file(const OriginRecord& record);

}  // namespace hab::package
