// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"
#include "cli/group/commands.hpp"
#include "cli/keys/commands.hpp"
#include "cli/origin/commands.hpp"
#include "cli/pkg/commands.hpp"
#include "cli/pkg_build/commands.hpp"
#include "cli/pkg_export/commands.hpp"
#include "cli/plan/commands.hpp"
#include "cli/plugin/commands.hpp"
#include "cli/ring/commands.hpp"
#include "cli/self/commands.hpp"
#include "cli/setup/commands.hpp"
#include "cli/studio/commands.hpp"
#include "cli/sup/commands.hpp"
#include "cli/svc/commands.hpp"

namespace hab::cli {
namespace {

void append(std::vector<Command>& table, std::span<const Command> family) {
    table.insert(table.end(), family.begin(), family.end());
}

std::vector<Command> make_table() {
    std::vector<Command> table;
    append(table, origin_commands());
    append(table, pkg_commands());
    append(table, pkg_build_commands());
    append(table, pkg_export_commands());
    append(table, plan_commands());
    append(table, studio_commands());
    append(table, sup_commands());
    append(table, svc_commands());
    append(table, group_commands());
    append(table, ring_commands());
    append(table, key_commands());
    append(table, plugin_commands());
    append(table, setup_commands());
    append(table, self_commands());
    return table;
}

}  // namespace

const std::vector<Command>& command_table() {
    static const std::vector<Command> table = make_table();
    return table;
}

}  // namespace hab::cli
