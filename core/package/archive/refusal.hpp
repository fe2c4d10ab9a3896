// SPDX-License-Identifier: Apache-2.0
// How readers of archives say no: one sentence and one hint.
#pragma once

#include <string_view>

namespace hab::package {

/// Throws invalid_input: `what` (the archive) has a member that an honest builder does not make.
[[noreturn]] void refuse_member(std::string_view what, std::string_view name, std::string_view why);

/// Throws invalid_input: the compressed data or the tar is not sound.
[[noreturn]] void refuse_content(std::string_view what, std::string_view why);

}  // namespace hab::package
