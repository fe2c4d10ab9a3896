// SPDX-License-Identifier: Apache-2.0
// The part of completion that each shell runs itself.
#pragma once

#include <string_view>

namespace hab::cli {

/// The script for "bash", "zsh" or "fish"; empty for any other word. It asks
/// `hab cli complete -- WORD...` for every answer, so that it never has to be made again.
[[nodiscard]] std::string_view completion_script(std::string_view shell) noexcept;

}  // namespace hab::cli
