// SPDX-License-Identifier: Apache-2.0
// Manual pages of section 1, made from the command table: hab.1, one page for each family
// (hab-pkg.1) and one for each command (hab-pkg-install.1). Format: man(7).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

struct ManPage {
    std::string file;  ///< "hab-pkg-install.1"
    std::string text;
};

/// `date` as YYYY-MM-DD. Hidden commands have no page.
[[nodiscard]] std::vector<ManPage> man_pages(std::span<const Command> table, std::string_view date);

/// The text with every character that roff would read as something else escaped, so that a page
/// shows exactly what the table says.
[[nodiscard]] std::string roff_escape(std::string_view text);

/// Sections of hab-sup(1) that no command has: signals, exit codes and files of the Supervisor.
[[nodiscard]] std::string supervisor_sections();

}  // namespace hab::cli
