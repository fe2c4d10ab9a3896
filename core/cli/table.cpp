// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include "cli/command.hpp"
#include "cli/self/commands.hpp"
#if __has_include("cli/origin/commands.hpp")
#include "cli/origin/commands.hpp"
#endif
#if __has_include("cli/pkg/commands.hpp")
#include "cli/pkg/commands.hpp"
#endif
#if __has_include("cli/pkg_build/commands.hpp")
#include "cli/pkg_build/commands.hpp"
#endif
#if __has_include("cli/pkg_export/commands.hpp")
#include "cli/pkg_export/commands.hpp"
#endif
#if __has_include("cli/plan/commands.hpp")
#include "cli/plan/commands.hpp"
#endif
#if __has_include("cli/plugin/commands.hpp")
#include "cli/plugin/commands.hpp"
#endif
#if __has_include("cli/studio/commands.hpp")
#include "cli/studio/commands.hpp"
#endif
#if __has_include("cli/sup/commands.hpp")
#include "cli/sup/commands.hpp"
#endif
#if __has_include("cli/svc/commands.hpp")
#include "cli/svc/commands.hpp"
#endif

namespace hab::cli {
namespace {

void append(std::vector<Command>& table, std::span<const Command> family) {
    table.insert(table.end(), family.begin(), family.end());
}

std::vector<Command> make_table() {
    std::vector<Command> table;
#if __has_include("cli/origin/commands.hpp")
    append(table, origin_commands());
#endif
#if __has_include("cli/pkg/commands.hpp")
    append(table, pkg_commands());
#endif
#if __has_include("cli/pkg_build/commands.hpp")
    append(table, pkg_build_commands());
#endif
#if __has_include("cli/pkg_export/commands.hpp")
    append(table, pkg_export_commands());
#endif
#if __has_include("cli/plan/commands.hpp")
    append(table, plan_commands());
#endif
#if __has_include("cli/studio/commands.hpp")
    append(table, studio_commands());
#endif
#if __has_include("cli/sup/commands.hpp")
    append(table, sup_commands());
#endif
#if __has_include("cli/svc/commands.hpp")
    append(table, svc_commands());
#endif
#if __has_include("cli/plugin/commands.hpp")
    append(table, plugin_commands());
#endif
    append(table, self_commands());
    return table;
}

}  // namespace

const std::vector<Command>& command_table() {
    static const std::vector<Command> table = make_table();
    return table;
}

}  // namespace hab::cli
